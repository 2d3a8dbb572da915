#ifndef CONVO_REDUCTION_KERNELS_H
#define CONVO_REDUCTION_KERNELS_H

#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

// What many numbers become: X(name).
#define REDUCTION_KERNELS(X) X(sum) X(squares) X(product) X(maximum) X(minimum) X(any) X(any_zero)

// results[r] = one number for each row of `count` floats, rows `row_stride` apart. `squares` sums (x − centers[r])², the
// others do not look at `centers`.
typedef void reduce_rows(const float *input, ptrdiff_t rows, ptrdiff_t row_stride, ptrdiff_t count,
                         const double *_Nullable centers, double *results);

// results[c] = results[c] combined with column c of `rows` rows of `width` floats. `squares` sums (x − centers[c])².
typedef void reduce_columns(const float *input, ptrdiff_t rows, ptrdiff_t row_stride, ptrdiff_t width,
                            const double *_Nullable centers, double *results);

// Sums of rows are made in double precision in 64 interleaved parts, which are then added pairwise: the same bits on every
// CPU.
struct reduction_kernels {
#define REDUCTION_MEMBERS(name)     \
  reduce_rows *rows_##name;         \
  reduce_columns *columns_##name;
  REDUCTION_KERNELS(REDUCTION_MEMBERS)
#undef REDUCTION_MEMBERS
  // The best of each column so far and the number of its row, where the first row here has the number `first`.
  void (*columns_argmax)(const float *input, ptrdiff_t rows, ptrdiff_t row_stride, ptrdiff_t width, double first,
                         double *best, double *indices);
  void (*columns_argmin)(const float *input, ptrdiff_t rows, ptrdiff_t row_stride, ptrdiff_t width, double first,
                         double *best, double *indices);
  // The first place where `value` stands, or the first NaN if it is one; `count` if there is none.
  ptrdiff_t (*find)(const float *input, ptrdiff_t count, float value);
};

#pragma clang assume_nonnull end

#endif
