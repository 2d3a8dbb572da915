#ifndef CONVO_RANDOM_KERNELS_H
#define CONVO_RANDOM_KERNELS_H

#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

// Four numbers for each value of a counter, by Philox4×32-10. All variants give the same bits: every operation is one
// that IEEE rounds correctly, and none are fused.
struct random_kernels {
  // output[i] = low + width · m / 2²⁴
  void (*uniform)(uint64_t seed, uint64_t counter, float *output, ptrdiff_t count, float low, float width);
  // output[i] = mean + deviation · z, z from Box and Muller's transform
  void (*normal)(uint64_t seed, uint64_t counter, float *output, ptrdiff_t count, double mean, double deviation);
};

#pragma clang assume_nonnull end

#endif
