#ifndef CONVO_NORMALIZATION_KERNELS_H
#define CONVO_NORMALIZATION_KERNELS_H

#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

// Exponentials divided by their sum, or the logarithm of that. Input and output may be the same memory.
struct normalization_kernels {
  // Along `rows` rows of `count` floats.
  void (*softmax_rows)(const float *input, float *output, ptrdiff_t rows, ptrdiff_t count, int32_t logarithmic);
  // For a row in parts: writes e^(x − largest), or x − largest, and returns the sum of the exponentials.
  double (*softmax_part)(const float *input, float *output, ptrdiff_t count, float largest, int32_t logarithmic);
  // Then divides by the sum of all parts, or subtracts its logarithm, in place.
  void (*softmax_scale)(float *output, ptrdiff_t count, double total, int32_t logarithmic);
  // Down `rows` rows, `row_stride` apart, for each of up to softmax_width columns.
  void (*softmax_columns)(const float *input, float *output, ptrdiff_t rows, ptrdiff_t row_stride, ptrdiff_t width,
                          int32_t logarithmic);
};

enum { softmax_width = 256 };

#pragma clang assume_nonnull end

#endif
