#ifndef CONVO_MOVEMENT_KERNELS_H
#define CONVO_MOVEMENT_KERNELS_H

#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

// Elements from one layout to another; strides are in floats and may be 0 (source) or negative.
struct movement_kernels {
  // target[r · target_row + c · target_step] = source[r · source_row + c · source_step]
  void (*copy)(const float *source, ptrdiff_t source_row, ptrdiff_t source_step, float *target, ptrdiff_t target_row,
               ptrdiff_t target_step, ptrdiff_t rows, ptrdiff_t columns);
  // target[r · target_row + c] = source[c · source_row + r]: `rows` and `columns` are those of the target.
  void (*transpose)(const float *source, ptrdiff_t source_row, float *target, ptrdiff_t target_row, ptrdiff_t rows,
                    ptrdiff_t columns);
};

#pragma clang assume_nonnull end

#endif
