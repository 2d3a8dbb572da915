// The factors of a product of matrices in the order in which its tiles read them.

static void pack_left_run(const float *left, ptrdiff_t row_stride, ptrdiff_t rows, ptrdiff_t depth, float *packed) {
  enum { groups = (MATRIX_ROWS + LANES - 1) / LANES };
  for (ptrdiff_t row = 0; row < rows; row += MATRIX_ROWS) {
    const ptrdiff_t count = rows - row < MATRIX_ROWS ? rows - row : MATRIX_ROWS;
    const float *from = left + row * row_stride;
    for (ptrdiff_t p = 0; p < depth; p += LANES) {
      const int part = (int)(depth - p < LANES ? depth - p : LANES);
      vec squares[groups][LANES];
      UNROLLED for (int g = 0; g < groups; g++) {
        UNROLLED for (int i = 0; i < LANES; i++) {
          const ptrdiff_t at = g * LANES + i;
          squares[g][i] = splat(0);
          if (at < count) {
            squares[g][i] =
                part == LANES ? load(from + at * row_stride + p) : load_part(from + at * row_stride + p, part);
          }
        }
        transpose(squares[g]);
      }
      // In order: what a store writes too much, the next one overwrites.
      float *to = packed + p * MATRIX_ROWS;
      UNROLLED for (int i = 0; i < LANES; i++) {
        if (i < part) {
          UNROLLED for (int g = 0; g < groups; g++) store(to + i * MATRIX_ROWS + g * LANES, squares[g][i]);
        }
      }
    }
    packed += depth * MATRIX_ROWS;
  }
}

static void pack_right_run(const float *right, ptrdiff_t row_stride, ptrdiff_t depth, ptrdiff_t columns,
                           float *packed) {
  for (ptrdiff_t column = 0; column < columns; column += MATRIX_COLUMNS) {
    const float *from = right + column;
    for (ptrdiff_t p = 0; p < depth; p++) {
      UNROLLED for (int v = 0; v < MATRIX_VECTORS; v++) {
        const ptrdiff_t left = columns - column - v * LANES;
        vec x = splat(0);
        if (left >= LANES) {
          x = load(from + v * LANES);
        } else if (left > 0) {
          x = load_part(from + v * LANES, (int)left);
        }
        store(packed + v * LANES, x);
      }
      packed += MATRIX_COLUMNS;
      from += row_stride;
    }
  }
}

static void pack_right_transposed_run(const float *right, ptrdiff_t row_stride, ptrdiff_t depth, ptrdiff_t columns,
                                      float *packed) {
  for (ptrdiff_t column = 0; column < columns; column += MATRIX_COLUMNS) {
    for (ptrdiff_t p = 0; p < depth; p += LANES) {
      const int part = (int)(depth - p < LANES ? depth - p : LANES);
      for (int v = 0; v < MATRIX_VECTORS; v++) {
        vec square[LANES];
        UNROLLED for (int i = 0; i < LANES; i++) {
          const ptrdiff_t at = column + v * LANES + i;
          square[i] = splat(0);
          if (at < columns) {
            square[i] = part == LANES ? load(right + at * row_stride + p) : load_part(right + at * row_stride + p, part);
          }
        }
        transpose(square);
        float *to = packed + p * MATRIX_COLUMNS + v * LANES;
        UNROLLED for (int i = 0; i < LANES; i++) {
          if (i < part) store(to + i * MATRIX_COLUMNS, square[i]);
        }
      }
    }
    packed += depth * MATRIX_COLUMNS;
  }
}
