// Products of matrices.

// Rows × vectors of a tile that fit the register file: 28 sums, 2 vectors of the right factor, 1 of the left.
#if REGISTERS == 32
#define MATRIX_ROWS 14
#else
#define MATRIX_ROWS 6
#endif
#define MATRIX_VECTORS 2
#define MATRIX_COLUMNS (MATRIX_VECTORS * LANES)

#include "matrix_pack.h"

// One tile. The left factor is read at left[row · left_row + p · left_step].
INLINE void matrix_tile(const float *left, ptrdiff_t left_row, ptrdiff_t left_step, const float *right,
                        ptrdiff_t right_stride, const int rows, const int vectors, ptrdiff_t depth, float *output,
                        ptrdiff_t row_stride, ptrdiff_t columns, int accumulates) {
  vec sums[MATRIX_ROWS][4];
  UNROLLED for (int i = 0; i < rows; i++) UNROLLED for (int v = 0; v < vectors; v++) sums[i][v] = splat(0);
  const int last = (int)(columns - (vectors - 1) * LANES);
  const int whole = last >= LANES;
  if (whole || right_stride == MATRIX_COLUMNS) {
    for (ptrdiff_t p = 0; p < depth; p++) {
      vec factors[4];
      UNROLLED for (int v = 0; v < vectors; v++) factors[v] = load(right + v * LANES);
      UNROLLED for (int i = 0; i < rows; i++) {
        vec factor = splat(left[i * left_row + p * left_step]);
        UNROLLED for (int v = 0; v < vectors; v++) sums[i][v] += factor * factors[v];
      }
      right += right_stride;
    }
  } else {
    for (ptrdiff_t p = 0; p < depth; p++) {
      vec factors[4];
      UNROLLED for (int v = 0; v < vectors; v++) factors[v] =
          v == vectors - 1 ? load_part(right + v * LANES, last) : load(right + v * LANES);
      UNROLLED for (int i = 0; i < rows; i++) {
        vec factor = splat(left[i * left_row + p * left_step]);
        UNROLLED for (int v = 0; v < vectors; v++) sums[i][v] += factor * factors[v];
      }
      right += right_stride;
    }
  }
  UNROLLED for (int i = 0; i < rows; i++) UNROLLED for (int v = 0; v < vectors; v++) {
    float *to = output + i * row_stride + v * LANES;
    const ptrdiff_t count = columns - v * LANES;
    if (count >= LANES) {
      store(to, accumulates ? load(to) + sums[i][v] : sums[i][v]);
    } else if (count > 0) {
      store_part(to, accumulates ? load_part(to, (int)count) + sums[i][v] : sums[i][v], (int)count);
    }
  }
}

#define MATRIX_TILE(rows)                                                                                       \
  static void matrix_tile_##rows(const float *left, const float *right, ptrdiff_t depth, float *output,         \
                                 ptrdiff_t row_stride, ptrdiff_t columns, int accumulates) {                    \
    matrix_tile(left, 1, MATRIX_ROWS, right, MATRIX_COLUMNS, rows, MATRIX_VECTORS, depth, output, row_stride,   \
                columns, accumulates);                                                                          \
  }
#if REGISTERS == 32
#define MATRIX_TILES(X) X(1) X(2) X(3) X(4) X(5) X(6) X(7) X(8) X(9) X(10) X(11) X(12) X(13) X(14)
#else
#define MATRIX_TILES(X) X(1) X(2) X(3) X(4) X(5) X(6)
#endif
MATRIX_TILES(MATRIX_TILE)

typedef void matrix_tile_function(const float *left, const float *right, ptrdiff_t depth, float *output,
                                  ptrdiff_t row_stride, ptrdiff_t columns, int accumulates);
#define MATRIX_ENTRY(rows) matrix_tile_##rows,
static matrix_tile_function *const matrix_tiles[] = {MATRIX_TILES(MATRIX_ENTRY)};

static void multiply_run(const float *left, const float *right, ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t depth,
                         float *output, ptrdiff_t row_stride, int32_t accumulates) {
  // A panel of the right factor stays in L1 while the left one passes from L2.
  for (ptrdiff_t column = 0; column < columns; column += MATRIX_COLUMNS) {
    for (ptrdiff_t row = 0; row < rows; row += MATRIX_ROWS) {
      const ptrdiff_t count = rows - row < MATRIX_ROWS ? rows - row : MATRIX_ROWS;
      matrix_tiles[count - 1](left + row * depth, right + column * depth, depth, output + row * row_stride + column,
                              row_stride, columns - column, accumulates);
    }
  }
}

// One row times a matrix that is read row by row, eight rows at a time, so that memory is read in long streams.
INLINE void multiply_row(const float *left, const float *right, ptrdiff_t right_stride, ptrdiff_t columns,
                         ptrdiff_t depth, float *output) {
  enum { together = 8, block = 4096 };
  for (ptrdiff_t first = 0; first < columns; first += block) {
    const ptrdiff_t width = columns - first < block ? columns - first : block;
    float *to = output + first;
    ptrdiff_t p = 0;
    for (; p + together <= depth; p += together) {
      const float *from = right + p * right_stride + first;
      vec factors[together];
      UNROLLED for (int i = 0; i < together; i++) factors[i] = splat(left[p + i]);
      for (ptrdiff_t j = 0; j < width; j += LANES) {
        const int part = (int)(width - j < LANES ? width - j : LANES);
        vec sum = splat(0), other = splat(0);
        UNROLLED for (int i = 0; i < together; i += 2) {
          const float *at = from + i * right_stride + j;
          sum += factors[i] * (part == LANES ? load(at) : load_part(at, part));
          at += right_stride;
          other += factors[i + 1] * (part == LANES ? load(at) : load_part(at, part));
        }
        sum += other;
        if (part == LANES) {
          store(to + j, p ? load(to + j) + sum : sum);
        } else {
          store_part(to + j, p ? load_part(to + j, part) + sum : sum, part);
        }
      }
    }
    for (; p < depth; p++) {
      const float *from = right + p * right_stride + first;
      const vec factor = splat(left[p]);
      for (ptrdiff_t j = 0; j < width; j += LANES) {
        const int part = (int)(width - j < LANES ? width - j : LANES);
        vec x = factor * (part == LANES ? load(from + j) : load_part(from + j, part));
        if (part == LANES) {
          store(to + j, p ? load(to + j) + x : x);
        } else {
          store_part(to + j, p ? load_part(to + j, part) + x : x, part);
        }
      }
    }
  }
}

static void multiply_few_run(const float *left, ptrdiff_t left_stride, const float *right, ptrdiff_t right_stride,
                             ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t depth, float *output,
                             ptrdiff_t row_stride) {
  if (rows == 1) {
    multiply_row(left, right, right_stride, columns, depth, output);
    return;
  }
  for (ptrdiff_t row = 0; row < rows;) {
    const float *a = left + row * left_stride;
    float *to = output + row * row_stride;
    const ptrdiff_t count = rows - row >= 3 ? 3 : rows - row;
    for (ptrdiff_t column = 0; column < columns;) {
      const ptrdiff_t rest = columns - column;
#define FEW(rows, vectors)                                                                                      \
  matrix_tile(a, left_stride, 1, right + column, right_stride, rows, vectors, depth, to + column, row_stride, rest, 0)
      if (rest > LANES) {
        if (rest >= 4 * LANES) {
          if (count == 3) FEW(3, 4);
          if (count == 2) FEW(2, 4);
          if (count == 1) FEW(1, 4);
          column += 4 * LANES;
        } else {
          if (count == 3) FEW(3, 2);
          if (count == 2) FEW(2, 2);
          if (count == 1) FEW(1, 2);
          column += 2 * LANES;
        }
      } else {
        if (count == 3) FEW(3, 1);
        if (count == 2) FEW(2, 1);
        if (count == 1) FEW(1, 1);
        column += LANES;
      }
#undef FEW
    }
    row += count;
  }
}

INLINE float lane_sum(vec x) {
  float lanes[LANES];
  store(lanes, x);
  UNROLLED for (int half = LANES / 2; half > 0; half /= 2) {
    UNROLLED for (int i = 0; i < half; i++) lanes[i] += lanes[i + half];
  }
  return lanes[0];
}

// Scalar products of a few rows with a few vectors, each in `chains` interleaved sums of LANES.
INLINE void dots_tile(const float *rows, ptrdiff_t row_stride, const float *vectors, ptrdiff_t vector_stride,
                      const int row_count, const int vector_count, ptrdiff_t depth, float *output, ptrdiff_t row_step,
                      ptrdiff_t vector_step) {
  enum { chains = 2 };
  vec sums[4][4][chains];
  UNROLLED for (int i = 0; i < row_count; i++) UNROLLED for (int j = 0; j < vector_count; j++)
      UNROLLED for (int c = 0; c < chains; c++) sums[i][j][c] = splat(0);
  ptrdiff_t p = 0;
  for (; p + chains * LANES <= depth; p += chains * LANES) {
    UNROLLED for (int c = 0; c < chains; c++) {
      vec x[4];
      UNROLLED for (int i = 0; i < row_count; i++) x[i] = load(rows + i * row_stride + p + c * LANES);
      UNROLLED for (int j = 0; j < vector_count; j++) {
        vec y = load(vectors + j * vector_stride + p + c * LANES);
        UNROLLED for (int i = 0; i < row_count; i++) sums[i][j][c] += x[i] * y;
      }
    }
  }
  for (; p < depth; p += LANES) {
    const int part = (int)(depth - p < LANES ? depth - p : LANES);
    UNROLLED for (int i = 0; i < row_count; i++) {
      vec x = load_part(rows + i * row_stride + p, part);
      UNROLLED for (int j = 0; j < vector_count; j++) {
        sums[i][j][0] += x * load_part(vectors + j * vector_stride + p, part);
      }
    }
  }
  UNROLLED for (int i = 0; i < row_count; i++) UNROLLED for (int j = 0; j < vector_count; j++) {
    output[i * row_step + j * vector_step] = lane_sum(sums[i][j][0] + sums[i][j][1]);
  }
}

static void dots_run(const float *rows, ptrdiff_t row_stride, ptrdiff_t count, const float *vectors,
                     ptrdiff_t vector_stride, ptrdiff_t vector_count, ptrdiff_t depth, float *output,
                     ptrdiff_t row_step, ptrdiff_t vector_step) {
  for (ptrdiff_t i = 0; i < count;) {
    const int pair = vector_count == 1 && count - i >= 4 ? 4 : count - i >= 2 ? 2 : 1;
    const float *row = rows + i * row_stride;
    for (ptrdiff_t j = 0; j < vector_count;) {
      const float *vector = vectors + j * vector_stride;
      float *to = output + i * row_step + j * vector_step;
      const int few = vector_count - j >= 4 ? 4 : 1;
#define DOTS(a, b) dots_tile(row, row_stride, vector, vector_stride, a, b, depth, to, row_step, vector_step)
      if (pair == 4) {
        DOTS(4, 1);
      } else if (pair == 2) {
        if (few == 4) DOTS(2, 4); else DOTS(2, 1);
      } else {
        if (few == 4) DOTS(1, 4); else DOTS(1, 1);
      }
#undef DOTS
      j += few;
    }
    i += pair;
  }
}

#define MATRIX_TABLE                                                                                               \
  {.mr = MATRIX_ROWS, .nr = MATRIX_COLUMNS, .pack_left = pack_left_run, .pack_right = pack_right_run,              \
   .pack_right_transposed = pack_right_transposed_run, .multiply = multiply_run, .multiply_few = multiply_few_run, \
   .dots = dots_run}
