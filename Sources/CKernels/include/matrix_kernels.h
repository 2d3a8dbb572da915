#ifndef CONVO_MATRIX_KERNELS_H
#define CONVO_MATRIX_KERNELS_H

#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

// Products of matrices from packed panels: `mr` rows of the left, `nr` columns of the right factor.
struct matrix_kernels {
  ptrdiff_t mr, nr;
  // Puts `rows` rows of `depth` floats into panels of mr: packed[panel][p][row], zeros where rows are missing. Writes up
  // to 16 floats more.
  void (*pack_left)(const float *left, ptrdiff_t row_stride, ptrdiff_t rows, ptrdiff_t depth, float *packed);
  // Puts `depth` rows of `columns` floats into panels of nr: packed[panel][p][column], zeros where columns are missing.
  void (*pack_right)(const float *right, ptrdiff_t row_stride, ptrdiff_t depth, ptrdiff_t columns, float *packed);
  // The same from the transposed matrix: `columns` rows of `depth` floats.
  void (*pack_right_transposed)(const float *right, ptrdiff_t row_stride, ptrdiff_t depth, ptrdiff_t columns,
                                float *packed);
  // output[i, j] = Σ left[i, p] · right[p, j], added to what is there if `accumulates`.
  void (*multiply)(const float *left, const float *right, ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t depth,
                   float *output, ptrdiff_t row_stride, int32_t accumulates);
  // The same for a few rows, with factors as they are: rows of `left` are left_stride apart, of `right` right_stride.
  void (*multiply_few)(const float *left, ptrdiff_t left_stride, const float *right, ptrdiff_t right_stride,
                       ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t depth, float *output, ptrdiff_t row_stride);
  // output[i · row_step + j · vector_step] = Σ rows[i, p] · vectors[j, p]: both are read along p.
  void (*dots)(const float *rows, ptrdiff_t row_stride, ptrdiff_t count, const float *vectors, ptrdiff_t vector_stride,
               ptrdiff_t vector_count, ptrdiff_t depth, float *output, ptrdiff_t row_step, ptrdiff_t vector_step);
};

#pragma clang assume_nonnull end

#endif
