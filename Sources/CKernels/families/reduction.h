// Many numbers into one.

// 32 partial results on every CPU, so that the bits do not depend on the lanes.
#define PARTS 32
typedef float parts_float __attribute__((vector_size(4 * PARTS)));
typedef float parts_float_unaligned __attribute__((vector_size(4 * PARTS), aligned(4), may_alias));
typedef double parts_double __attribute__((vector_size(8 * PARTS)));
typedef double parts_double_unaligned __attribute__((vector_size(8 * PARTS), aligned(8), may_alias));
typedef int64_t parts_mask __attribute__((vector_size(8 * PARTS)));

INLINE parts_double parts_load(const float *from) {
  return __builtin_convertvector(*(const parts_float_unaligned *)from, parts_double);
}
INLINE parts_double parts_choose(parts_mask mask, parts_double yes, parts_double no) {
  return (parts_double)((mask & (parts_mask)yes) | (~mask & (parts_mask)no));
}

// One step on a double each, for scalars and for vectors: `t` so far, `x` the element, `c` the centre.
#define SCALAR_sum(t, x, c) ((void)(c), (t) + (x))
#define SCALAR_squares(t, x, c) ((t) + ((x) - (c)) * ((x) - (c)))
#define SCALAR_product(t, x, c) ((void)(c), (t) * (x))
#define SCALAR_maximum(t, x, c) ((void)(c), (x) > (t) || (x) != (x) ? (x) : (t))
#define SCALAR_minimum(t, x, c) ((void)(c), (x) < (t) || (x) != (x) ? (x) : (t))
#define SCALAR_any(t, x, c) ((void)(c), (x) != 0 ? 1.0 : (t))
#define SCALAR_any_zero(t, x, c) ((void)(c), (x) == 0 ? 1.0 : (t))

#define VECTOR_sum(t, x, c) ((void)(c), (t) + (x))
#define VECTOR_squares(t, x, c) ((t) + ((x) - (c)) * ((x) - (c)))
#define VECTOR_product(t, x, c) ((void)(c), (t) * (x))
#define VECTOR_maximum(t, x, c) ((void)(c), parts_choose(((x) > (t)) | ((x) != (x)), x, t))
#define VECTOR_minimum(t, x, c) ((void)(c), parts_choose(((x) < (t)) | ((x) != (x)), x, t))
#define VECTOR_any(t, x, c) ((void)(c), parts_choose((x) != 0, (parts_double){0} + 1.0, t))
#define VECTOR_any_zero(t, x, c) ((void)(c), parts_choose((x) == 0, (parts_double){0} + 1.0, t))

// How two partial results become one.
#define COMBINE_sum(a, b) ((a) + (b))
#define COMBINE_squares(a, b) ((a) + (b))
#define COMBINE_product(a, b) ((a) * (b))
#define COMBINE_maximum(a, b) ((b) > (a) || (b) != (b) ? (b) : (a))
#define COMBINE_minimum(a, b) ((b) < (a) || (b) != (b) ? (b) : (a))
#define COMBINE_any(a, b) ((a) + (b) != 0 ? 1.0 : 0.0)
#define COMBINE_any_zero(a, b) ((a) + (b) != 0 ? 1.0 : 0.0)

#define START_sum 0.0
#define START_squares 0.0
#define START_product 1.0
#define START_maximum (-INFINITY)
#define START_minimum INFINITY
#define START_any 0.0
#define START_any_zero 0.0

// A wrong fused multiply-add would make the bits depend on the CPU.
// Columns are added up in stretches of BROAD · PARTS where the registers allow it: memory is read 512 bytes at a time.
#if LANES == 16
#define BROAD 4
#else
#define BROAD 1
#endif

#define REDUCTION_ROWS(name)                                                                                    \
  static void rows_##name(const float *input, ptrdiff_t rows, ptrdiff_t row_stride, ptrdiff_t count,            \
                          const double *centers, double *results) {                                             \
    _Pragma("clang fp contract(off)") for (ptrdiff_t row = 0; row < rows; row++) {                              \
      const float *from = input + row * row_stride;                                                             \
      const double center = centers ? centers[row] : 0;                                                         \
      double total = START_##name;                                                                              \
      ptrdiff_t i = 0;                                                                                          \
      if (count >= PARTS) {                                                                                     \
        const parts_double centre = (parts_double){0} + center;                                                 \
        parts_double partial = (parts_double){0} + START_##name;                                                \
        for (; i + PARTS <= count; i += PARTS) {                                                                \
          parts_double x = parts_load(from + i);                                                                \
          partial = VECTOR_##name(partial, x, centre);                                                          \
        }                                                                                                       \
        double fold[PARTS];                                                                                     \
        memcpy(fold, &partial, sizeof fold);                                                                    \
        for (int half = PARTS / 2; half > 0; half /= 2) {                                                       \
          for (int lane = 0; lane < half; lane++) fold[lane] = COMBINE_##name(fold[lane], fold[lane + half]);   \
        }                                                                                                       \
        total = fold[0];                                                                                        \
      }                                                                                                         \
      for (; i < count; i++) {                                                                                  \
        const double x = from[i];                                                                               \
        total = SCALAR_##name(total, x, center);                                                                \
      }                                                                                                         \
      results[row] = total;                                                                                     \
    }                                                                                                           \
  }

#define REDUCTION_COLUMNS(name)                                                                                 \
  static void wide_columns_##name(const float *input, ptrdiff_t rows, ptrdiff_t row_stride, ptrdiff_t width,    \
                                  const double *centers, double *results) {                                     \
    _Pragma("clang fp contract(off)") ptrdiff_t column = 0;                                                     \
    for (; BROAD > 1 && !centers && column + BROAD * PARTS <= width; column += BROAD * PARTS) {                 \
      parts_double partial[BROAD];                                                                              \
      const parts_double none = {0};                                                                            \
      UNROLLED for (int b = 0; b < BROAD; b++) partial[b] =                                                     \
          *(const parts_double_unaligned *)(results + column + b * PARTS);                                      \
      for (ptrdiff_t row = 0; row < rows; row++) {                                                              \
        UNROLLED for (int b = 0; b < BROAD; b++) {                                                              \
          parts_double x = parts_load(input + row * row_stride + column + b * PARTS);                           \
          partial[b] = VECTOR_##name(partial[b], x, none);                                                      \
        }                                                                                                       \
      }                                                                                                         \
      UNROLLED for (int b = 0; b < BROAD; b++) {                                                                \
        *(parts_double_unaligned *)(results + column + b * PARTS) = partial[b];                                 \
      }                                                                                                         \
    }                                                                                                           \
    for (; column + PARTS <= width; column += PARTS) {                                                          \
      parts_double partial = *(const parts_double_unaligned *)(results + column);                               \
      parts_double centre = (parts_double){0};                                                                  \
      if (centers) centre = *(const parts_double_unaligned *)(centers + column);                                \
      for (ptrdiff_t row = 0; row < rows; row++) {                                                              \
        parts_double x = parts_load(input + row * row_stride + column);                                         \
        partial = VECTOR_##name(partial, x, centre);                                                            \
      }                                                                                                         \
      *(parts_double_unaligned *)(results + column) = partial;                                                  \
    }                                                                                                           \
    for (; column < width; column++) {                                                                          \
      double total = results[column];                                                                           \
      const double center = centers ? centers[column] : 0;                                                      \
      for (ptrdiff_t row = 0; row < rows; row++) {                                                              \
        const double x = input[row * row_stride + column];                                                      \
        total = SCALAR_##name(total, x, center);                                                                \
      }                                                                                                         \
      results[column] = total;                                                                                  \
    }                                                                                                           \
  }                                                                                                             \
                                                                                                                \
  static void columns_##name(const float *input, ptrdiff_t rows, ptrdiff_t row_stride, ptrdiff_t width,         \
                             const double *centers, double *results) {                                          \
    ptrdiff_t done = 0;                                                                                         \
    if (width < PARTS && row_stride == width && rows >= 2 * PARTS) {                                            \
      /* Narrow and without gaps: as many rows as it takes to fill PARTS become one. */                         \
      double several[PARTS * PARTS], same[PARTS * PARTS];                                                       \
      for (ptrdiff_t i = 0; i < PARTS * width; i++) {                                                           \
        several[i] = START_##name;                                                                              \
        same[i] = centers ? centers[i % width] : 0;                                                             \
      }                                                                                                         \
      done = rows / PARTS * PARTS;                                                                              \
      wide_columns_##name(input, done / PARTS, PARTS * width, PARTS * width, centers ? same : NULL, several);   \
      for (int half = PARTS / 2; half > 0; half /= 2) {                                                         \
        for (ptrdiff_t i = 0; i < half * width; i++) {                                                          \
          several[i] = COMBINE_##name(several[i], several[i + half * width]);                                   \
        }                                                                                                       \
      }                                                                                                         \
      for (ptrdiff_t i = 0; i < width; i++) results[i] = COMBINE_##name(results[i], several[i]);                \
    }                                                                                                           \
    wide_columns_##name(input + done * row_stride, rows - done, row_stride, width, centers, results);           \
  }

REDUCTION_ROWS(sum)
REDUCTION_ROWS(squares)
REDUCTION_ROWS(product)
REDUCTION_ROWS(any)
REDUCTION_ROWS(any_zero)
REDUCTION_KERNELS(REDUCTION_COLUMNS)

#define ARGUMENT(name, order)                                                                                      \
  static void columns_##name(const float *input, ptrdiff_t rows, ptrdiff_t row_stride, ptrdiff_t width,            \
                             double first, double *best, double *indices) {                                        \
    ptrdiff_t column = 0;                                                                                          \
    for (; column + PARTS <= width; column += PARTS) {                                                             \
      parts_double leader = *(const parts_double_unaligned *)(best + column);                                      \
      parts_double index = *(const parts_double_unaligned *)(indices + column);                                    \
      for (ptrdiff_t row = 0; row < rows; row++) {                                                                 \
        parts_double x = parts_load(input + row * row_stride + column);                                            \
        parts_mask wins = ((x order leader) | (x != x)) & (leader == leader);                                      \
        leader = parts_choose(wins, x, leader);                                                                    \
        index = parts_choose(wins, (parts_double){0} + (first + (double)row), index);                              \
      }                                                                                                            \
      *(parts_double_unaligned *)(best + column) = leader;                                                         \
      *(parts_double_unaligned *)(indices + column) = index;                                                       \
    }                                                                                                              \
    for (; column < width; column++) {                                                                             \
      for (ptrdiff_t row = 0; row < rows; row++) {                                                                 \
        const double x = input[row * row_stride + column];                                                         \
        if ((x order best[column] || x != x) && best[column] == best[column]) {                                    \
          best[column] = x;                                                                                        \
          indices[column] = first + (double)row;                                                                   \
        }                                                                                                          \
      }                                                                                                            \
    }                                                                                                              \
  }

ARGUMENT(argmax, >)
ARGUMENT(argmin, <)

static ptrdiff_t find_run(const float *input, ptrdiff_t count, float value) {
  ptrdiff_t i = 0;
  if (value != value) {
    for (; i + LANES <= count; i += LANES) {
      vec x = load(input + i);
      if (any_set(x != x)) break;
    }
    while (i < count && input[i] == input[i]) i++;
  } else {
    for (; i + LANES <= count; i += LANES) {
      if (any_set(load(input + i) == value)) break;
    }
    while (i < count && input[i] != value) i++;
  }
  return i;
}

// The extreme of rows long enough for vectors, in single precision: nothing rounds here.
#define EXTREME(name, better, start)                                                                               \
  static void extreme_##name(const float *input, ptrdiff_t rows, ptrdiff_t row_stride, ptrdiff_t count,            \
                             const double *centers, double *results) {                                             \
    (void)centers;                                                                                                 \
    for (ptrdiff_t row = 0; row < rows; row++) {                                                                   \
      const float *from = input + row * row_stride;                                                                \
      vec best[4] = {splat(start), splat(start), splat(start), splat(start)};                                      \
      vec_mask odd[4] = {{0}, {0}, {0}, {0}};                                                                      \
      ptrdiff_t i = 0;                                                                                             \
      for (; i + 4 * LANES <= count; i += 4 * LANES) {                                                             \
        UNROLLED for (int c = 0; c < 4; c++) {                                                                     \
          vec x = load(from + i + c * LANES);                                                                      \
          odd[c] |= x != x;                                                                                        \
          best[c] = better(x, best[c]);                                                                            \
        }                                                                                                          \
      }                                                                                                            \
      best[0] = better(better(best[0], best[1]), better(best[2], best[3]));                                        \
      double total = any_set(odd[0] | odd[1] | odd[2] | odd[3]) ? NAN : start;                                     \
      for (int lane = 0; lane < LANES; lane++) total = SCALAR_##name(total, best[0][lane], 0);                     \
      for (; i < count; i++) {                                                                                     \
        const double x = from[i];                                                                                  \
        total = SCALAR_##name(total, x, 0);                                                                        \
      }                                                                                                            \
      results[row] = total;                                                                                        \
    }                                                                                                              \
  }

EXTREME(maximum, larger, -INFINITY)
EXTREME(minimum, smaller, INFINITY)

#define REDUCTION_ENTRIES(name) .columns_##name = columns_##name,
#define REDUCTION_TABLE                                                                                            \
  {.rows_sum = rows_sum, .rows_squares = rows_squares, .rows_product = rows_product,                               \
   .rows_maximum = extreme_maximum, .rows_minimum = extreme_minimum, .rows_any = rows_any,                         \
   .rows_any_zero = rows_any_zero, REDUCTION_KERNELS(REDUCTION_ENTRIES).columns_argmax = columns_argmax,           \
   .columns_argmin = columns_argmin, .find = find_run}
