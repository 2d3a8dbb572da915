// 512-bit vectors, thirty-two registers, masked loads and stores.
#if defined(__x86_64__)
#include <immintrin.h>
#define VARIANT avx512
#define LANES 16
#define REGISTERS 32
#pragma clang diagnostic error "-Wignored-attributes"
#pragma clang attribute push(__attribute__((target("avx512f,avx512vl,avx512dq,avx512bw,avx2,fma"))), apply_to = function)
#include "families/kernel_set.h"
#pragma clang attribute pop
#endif
