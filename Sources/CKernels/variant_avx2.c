// 256-bit vectors with fused multiply-add.
#if defined(__x86_64__)
#include <immintrin.h>
#define VARIANT avx2
#define LANES 8
#define REGISTERS 16
#pragma clang diagnostic error "-Wignored-attributes"
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#include "families/kernel_set.h"
#pragma clang attribute pop
#endif
