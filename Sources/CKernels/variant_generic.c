// 128-bit vectors: SSE2 on x86-64, NEON on aarch64, whatever the compiler makes of them elsewhere.
#define VARIANT generic
#define LANES 4
#if defined(__aarch64__)
#define REGISTERS 32
#else
#define REGISTERS 16
#endif
#include "families/kernel_set.h"
