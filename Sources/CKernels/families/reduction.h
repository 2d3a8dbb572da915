// Many numbers into one.

// 64 partial results of a row on every CPU, so that the bits do not depend on the lanes; they are handled 32 at a time.
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


// a + b, bit by bit. Conversions and additions share two of the four vector pipes of Zen, products have the others: a
// fused 1 · b + a takes 135 GB/s from L2 to 105.
#if LANES == 16
#define parts_add(a, b) __builtin_elementwise_fma(b, ones, a)
#else
#define parts_add(a, b) ((a) + (b))
#endif
// What the compiler must not know, or it would add again.
#define ONES                                                                                                       \
  double one = 1;                                                                                                  \
  STAY(one);                                                                                                       \
  const parts_double ones = (parts_double){0} + one;                                                               \
  (void)ones;

// The four cache lines of 64 elements; what lies beyond memory is not touched. The core's own look ahead ends at pages of
// 4 KB: from L3 a sum takes 113 GB/s instead of 85.
#define AHEAD 1024
INLINE void prefetch_lines(const float *from) {
  UNROLLED for (int line = 0; line < 4; line++) __builtin_prefetch(from + line * 16);
}

// Up to PARTS elements; `fill` where there are none.
INLINE parts_double parts_load_part(const float *from, ptrdiff_t count, parts_double fill) {
  float buffer[PARTS];
  parts_mask lanes;
  UNROLLED for (int v = 0; v < PARTS / LANES; v++) {
    const ptrdiff_t left = count - v * LANES;
    const int part = left > LANES ? LANES : left > 0 ? (int)left : 0;
    store(buffer + v * LANES, part == LANES ? load(from + v * LANES) : load_part(from + v * LANES, part));
  }
  UNROLLED for (int i = 0; i < PARTS; i++) lanes[i] = i;
  return parts_choose(lanes < (int64_t)count, parts_load(buffer), fill);
}

// One step on a double each, for scalars and for vectors: `t` so far, `x` the element, `c` the centre.
#define SCALAR_sum(t, x, c) ((void)(c), (t) + (x))
#define SCALAR_squares(t, x, c) ((t) + ((x) - (c)) * ((x) - (c)))
#define SCALAR_product(t, x, c) ((void)(c), (t) * (x))
#define SCALAR_maximum(t, x, c) ((void)(c), (x) > (t) || (x) != (x) ? (x) : (t))
#define SCALAR_minimum(t, x, c) ((void)(c), (x) < (t) || (x) != (x) ? (x) : (t))
#define SCALAR_any(t, x, c) ((void)(c), (x) != 0 ? 1.0 : (t))
#define SCALAR_any_zero(t, x, c) ((void)(c), (x) == 0 ? 1.0 : (t))

#define VECTOR_sum(t, x, c) ((void)(c), parts_add(t, x))
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

// Elements that change nothing.
#define NEUTRAL_sum(c) ((parts_double){0})
#define NEUTRAL_squares(c) (c)
#define NEUTRAL_product(c) ((parts_double){0} + 1.0)
#define NEUTRAL_any(c) ((parts_double){0})
#define NEUTRAL_any_zero(c) ((parts_double){0} + 1.0)

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

#define REDUCTION_ROWS(name)                                                                                       \
  static void rows_##name(const float *input, ptrdiff_t rows, ptrdiff_t row_stride, ptrdiff_t count,               \
                          const double *centers, double *results) {                                                \
    _Pragma("clang fp contract(off)") ONES                                                                         \
    for (ptrdiff_t row = 0; row < rows; row++) {                                 \
      const float *from = input + row * row_stride;                                                                \
      const double center = centers ? centers[row] : 0;                                                            \
      double total = START_##name;                                                                                 \
      if (count >= 8) {                                                                                            \
        const parts_double centre = (parts_double){0} + center;                                                    \
        parts_double partial[2];                                                                                   \
        partial[0] = partial[1] = (parts_double){0} + START_##name;                                                \
        ptrdiff_t i = 0;                                                                                           \
        for (; i + 2 * PARTS <= count; i += 2 * PARTS) {                                                           \
          prefetch_lines(from + i + AHEAD);                                                                        \
          UNROLLED for (int p = 0; p < 2; p++) {                                                                   \
            parts_double x = parts_load(from + i + p * PARTS);                                                     \
            partial[p] = VECTOR_##name(partial[p], x, centre);                                                     \
          }                                                                                                        \
        }                                                                                                          \
        if (i + PARTS <= count) {                                                                                  \
          parts_double x = parts_load(from + i);                                                                   \
          partial[0] = VECTOR_##name(partial[0], x, centre);                                                       \
          i += PARTS;                                                                                              \
        }                                                                                                          \
        if (i < count) {                                                                                           \
          parts_double x = parts_load_part(from + i, count - i, NEUTRAL_##name(centre));                           \
          partial[1] = VECTOR_##name(partial[1], x, centre);                                                       \
        }                                                                                                          \
        double fold[2 * PARTS];                                                                                    \
        memcpy(fold, partial, sizeof fold);                                                                        \
        for (int half = PARTS; half > 0; half /= 2) {                                                              \
          for (int lane = 0; lane < half; lane++) fold[lane] = COMBINE_##name(fold[lane], fold[lane + half]);      \
        }                                                                                                          \
        total = fold[0];                                                                                           \
      } else {                                                                                                     \
        for (ptrdiff_t i = 0; i < count; i++) {                                                                    \
          const double x = from[i];                                                                                \
          total = SCALAR_##name(total, x, center);                                                                 \
        }                                                                                                          \
      }                                                                                                            \
      results[row] = total;                                                                                        \
    }                                                                                                              \
  }

#define REDUCTION_COLUMNS(name)                                                                                    \
  static void wide_columns_##name(const float *input, ptrdiff_t rows, ptrdiff_t row_stride, ptrdiff_t width,       \
                                  const double *centers, double *results) {                                        \
    _Pragma("clang fp contract(off)") ptrdiff_t column = 0;                                                        \
    ONES                                                                                                           \
    for (; BROAD > 1 && !centers && column + BROAD * PARTS <= width; column += BROAD * PARTS) {                    \
      parts_double partial[BROAD];                                                                                 \
      const parts_double none = {0};                                                                               \
      UNROLLED for (int b = 0; b < BROAD; b++) partial[b] =                                                        \
          *(const parts_double_unaligned *)(results + column + b * PARTS);                                         \
      for (ptrdiff_t row = 0; row < rows; row++) {                                                                 \
        UNROLLED for (int b = 0; b < BROAD; b++) {                                                                 \
          parts_double x = parts_load(input + row * row_stride + column + b * PARTS);                              \
          partial[b] = VECTOR_##name(partial[b], x, none);                                                         \
        }                                                                                                          \
      }                                                                                                            \
      UNROLLED for (int b = 0; b < BROAD; b++) {                                                                   \
        *(parts_double_unaligned *)(results + column + b * PARTS) = partial[b];                                    \
      }                                                                                                            \
    }                                                                                                              \
    for (; column + PARTS <= width; column += PARTS) {                                                             \
      parts_double partial = *(const parts_double_unaligned *)(results + column);                                  \
      parts_double centre = (parts_double){0};                                                                     \
      if (centers) centre = *(const parts_double_unaligned *)(centers + column);                                   \
      for (ptrdiff_t row = 0; row < rows; row++) {                                                                 \
        parts_double x = parts_load(input + row * row_stride + column);                                            \
        partial = VECTOR_##name(partial, x, centre);                                                               \
      }                                                                                                            \
      *(parts_double_unaligned *)(results + column) = partial;                                                     \
    }                                                                                                              \
    for (; column < width; column++) {                                                                             \
      double total = results[column];                                                                              \
      const double center = centers ? centers[column] : 0;                                                         \
      for (ptrdiff_t row = 0; row < rows; row++) {                                                                 \
        const double x = input[row * row_stride + column];                                                         \
        total = SCALAR_##name(total, x, center);                                                                   \
      }                                                                                                            \
      results[column] = total;                                                                                     \
    }                                                                                                              \
  }                                                                                                                \
                                                                                                                   \
  static void columns_##name(const float *input, ptrdiff_t rows, ptrdiff_t row_stride, ptrdiff_t width,            \
                             const double *centers, double *results) {                                             \
    ptrdiff_t done = 0;                                                                                            \
    if (width < PARTS && row_stride == width && rows >= 2 * PARTS) {                                               \
      /* Narrow and without gaps: as many rows as it takes to fill PARTS become one. */                            \
      double several[PARTS * PARTS], same[PARTS * PARTS];                                                          \
      for (ptrdiff_t i = 0; i < PARTS * width; i++) {                                                              \
        several[i] = START_##name;                                                                                 \
        same[i] = centers ? centers[i % width] : 0;                                                                \
      }                                                                                                            \
      done = rows / PARTS * PARTS;                                                                                 \
      wide_columns_##name(input, done / PARTS, PARTS * width, PARTS * width, centers ? same : NULL, several);      \
      for (int half = PARTS / 2; half > 0; half /= 2) {                                                            \
        for (ptrdiff_t i = 0; i < half * width; i++) {                                                             \
          several[i] = COMBINE_##name(several[i], several[i + half * width]);                                      \
        }                                                                                                          \
      }                                                                                                            \
      for (ptrdiff_t i = 0; i < width; i++) results[i] = COMBINE_##name(results[i], several[i]);                   \
    }                                                                                                              \
    wide_columns_##name(input + done * row_stride, rows - done, row_stride, width, centers, results);              \
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

INLINE int has_nan(const float *from, ptrdiff_t count) {
  vec_mask odd = {0};
  ptrdiff_t i = 0;
  for (; i + LANES <= count; i += LANES) {
    vec x = load(from + i);
    odd |= x != x;
  }
  for (; i < count; i++) {
    if (from[i] != from[i]) return 1;
  }
  return any_set(odd);
}

// The extreme of rows, in single precision: nothing rounds here. A product with 0 is NaN for NaN and for infinities,
// and costs less than a comparison; only where one was seen, the row is looked at again.
#define EXTREME(name, better, start)                                                                               \
  static void extreme_##name(const float *input, ptrdiff_t rows, ptrdiff_t row_stride, ptrdiff_t count,            \
                             const double *centers, double *results) {                                             \
    (void)centers;                                                                                                 \
    float nothing = 0;                                                                                             \
    STAY(nothing);                                                                                                 \
    const vec zero = splat(nothing);                                                                               \
    for (ptrdiff_t row = 0; row < rows; row++) {                                                                   \
      const float *from = input + row * row_stride;                                                                \
      vec best[4], odd[4];                                                                                         \
      UNROLLED for (int c = 0; c < 4; c++) {                                                                       \
        best[c] = splat(start);                                                                                    \
        odd[c] = splat(0);                                                                                         \
      }                                                                                                            \
      ptrdiff_t i = 0;                                                                                             \
      for (; i + 4 * LANES <= count; i += 4 * LANES) {                                                             \
        if (LANES == 16) prefetch_lines(from + i + AHEAD);                                                         \
        UNROLLED for (int c = 0; c < 4; c++) {                                                                     \
          vec x = load(from + i + c * LANES);                                                                      \
          odd[c] = x * zero + odd[c];                                                                              \
          best[c] = better(x, best[c]);                                                                            \
        }                                                                                                          \
      }                                                                                                            \
      for (; i + LANES <= count; i += LANES) {                                                                     \
        vec x = load(from + i);                                                                                    \
        odd[0] = x * zero + odd[0];                                                                                \
        best[0] = better(x, best[0]);                                                                              \
      }                                                                                                            \
      best[0] = better(better(best[0], best[1]), better(best[2], best[3]));                                        \
      vec suspect = (odd[0] + odd[1]) + (odd[2] + odd[3]);                                                         \
      double total = any_set(suspect != suspect) && has_nan(from, i) ? NAN : start;                                \
      if (i > 0) {                                                                                                 \
        for (int lane = 0; lane < LANES; lane++) total = SCALAR_##name(total, best[0][lane], 0);                   \
      }                                                                                                            \
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
