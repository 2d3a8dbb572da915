// Copies between layouts.

INLINE vec reversed(vec x) {
#if LANES == 16
  return __builtin_shufflevector(x, x, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
#elif LANES == 8
  return __builtin_shufflevector(x, x, 7, 6, 5, 4, 3, 2, 1, 0);
#else
  return __builtin_shufflevector(x, x, 3, 2, 1, 0);
#endif
}

// Every second lane of two vectors one behind the other.
INLINE vec even_lanes(vec a, vec b) {
#if LANES == 16
  return __builtin_shufflevector(a, b, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
#elif LANES == 8
  return __builtin_shufflevector(a, b, 0, 2, 4, 6, 8, 10, 12, 14);
#else
  return __builtin_shufflevector(a, b, 0, 2, 4, 6);
#endif
}
INLINE vec odd_lanes(vec a, vec b) {
#if LANES == 16
  return __builtin_shufflevector(a, b, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31);
#elif LANES == 8
  return __builtin_shufflevector(a, b, 1, 3, 5, 7, 9, 11, 13, 15);
#else
  return __builtin_shufflevector(a, b, 1, 3, 5, 7);
#endif
}
// The lanes of two vectors in turn: their first halves, their second halves.
INLINE vec mixed_low(vec a, vec b) {
#if LANES == 16
  return __builtin_shufflevector(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
#elif LANES == 8
  return __builtin_shufflevector(a, b, 0, 8, 1, 9, 2, 10, 3, 11);
#else
  return __builtin_shufflevector(a, b, 0, 4, 1, 5);
#endif
}
INLINE vec mixed_high(vec a, vec b) {
#if LANES == 16
  return __builtin_shufflevector(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
#elif LANES == 8
  return __builtin_shufflevector(a, b, 4, 12, 5, 13, 6, 14, 7, 15);
#else
  return __builtin_shufflevector(a, b, 2, 6, 3, 7);
#endif
}

INLINE void copy_row(const float *source, ptrdiff_t source_step, float *target, ptrdiff_t target_step,
                     ptrdiff_t count) {
  ptrdiff_t i = 0;
  if (target_step == 1) {
    if (source_step == 1) {
      for (; i + LANES <= count; i += LANES) store(target + i, load(source + i));
      if (i < count) store_part(target + i, load_part(source + i, (int)(count - i)), (int)(count - i));
      return;
    }
    if (source_step == 0) {
      const vec same = splat(*source);
      for (; i + LANES <= count; i += LANES) store(target + i, same);
    } else if (source_step == 2) {
      // The last load ends before the last element that is wanted.
      for (; i + LANES < count; i += LANES) {
        store(target + i, even_lanes(load(source + 2 * i), load(source + 2 * i + LANES)));
      }
    } else if (source_step == -1) {
      for (; i + LANES <= count; i += LANES) store(target + i, reversed(load(source - i - (LANES - 1))));
    }
  }
  for (; i < count; i++) target[i * target_step] = source[i * source_step];
}

static void copy_run(const float *source, ptrdiff_t source_row, ptrdiff_t source_step, float *target,
                     ptrdiff_t target_row, ptrdiff_t target_step, ptrdiff_t rows, ptrdiff_t columns) {
  for (ptrdiff_t row = 0; row < rows; row++) {
    copy_row(source + row * source_row, source_step, target + row * target_row, target_step, columns);
  }
}

// LANES × LANES values in registers: rows of the source become columns.
INLINE void transpose_square(const float *source, ptrdiff_t source_row, float *target, ptrdiff_t target_row) {
  vec square[LANES];
  UNROLLED for (int i = 0; i < LANES; i++) square[i] = load(source + i * source_row);
  transpose(square);
  UNROLLED for (int i = 0; i < LANES; i++) store(target + i * target_row, square[i]);
}

// Two to four rows of the source, dealt out in turn: planes into pixels.
INLINE void interleave(const float *source, ptrdiff_t source_row, float *target, const int channels, ptrdiff_t count) {
  ptrdiff_t i = 0;
#if LANES == 16
  if (channels == 3) {
    const __m512i first0 = _mm512_setr_epi32(0, 16, 0, 1, 17, 0, 2, 18, 0, 3, 19, 0, 4, 20, 0, 5);
    const __m512i first1 = _mm512_setr_epi32(21, 0, 6, 22, 0, 7, 23, 0, 8, 24, 0, 9, 25, 0, 10, 26);
    const __m512i first2 = _mm512_setr_epi32(0, 11, 27, 0, 12, 28, 0, 13, 29, 0, 14, 30, 0, 15, 31, 0);
    const __m512i third0 = _mm512_setr_epi32(0, 1, 16, 3, 4, 17, 6, 7, 18, 9, 10, 19, 12, 13, 20, 15);
    const __m512i third1 = _mm512_setr_epi32(0, 21, 2, 3, 22, 5, 6, 23, 8, 9, 24, 11, 12, 25, 14, 15);
    const __m512i third2 = _mm512_setr_epi32(26, 1, 2, 27, 4, 5, 28, 7, 8, 29, 10, 11, 30, 13, 14, 31);
    for (; i + 16 <= count; i += 16) {
      __m512 a = (__m512)load(source + i), b = (__m512)load(source + source_row + i),
             c = (__m512)load(source + 2 * source_row + i);
      __m512 x = _mm512_permutex2var_ps(a, first0, b), y = _mm512_permutex2var_ps(a, first1, b),
             z = _mm512_permutex2var_ps(a, first2, b);
      store(target + 3 * i, (vec)_mm512_permutex2var_ps(x, third0, c));
      store(target + 3 * i + 16, (vec)_mm512_permutex2var_ps(y, third1, c));
      store(target + 3 * i + 32, (vec)_mm512_permutex2var_ps(z, third2, c));
    }
  }
#endif
  if (channels == 2) {
    for (; i + LANES <= count; i += LANES) {
      vec a = load(source + i), b = load(source + source_row + i);
      store(target + 2 * i, mixed_low(a, b));
      store(target + 2 * i + LANES, mixed_high(a, b));
    }
  } else if (channels == 4) {
    for (; i + LANES <= count; i += LANES) {
      vec a = load(source + i), b = load(source + source_row + i);
      vec c = load(source + 2 * source_row + i), d = load(source + 3 * source_row + i);
      vec p = mixed_low(a, c), q = mixed_high(a, c), r = mixed_low(b, d), s = mixed_high(b, d);
      store(target + 4 * i, mixed_low(p, r));
      store(target + 4 * i + LANES, mixed_high(p, r));
      store(target + 4 * i + 2 * LANES, mixed_low(q, s));
      store(target + 4 * i + 3 * LANES, mixed_high(q, s));
    }
  }
  for (; i < count; i++) {
    UNROLLED for (int c = 0; c < channels; c++) target[i * channels + c] = source[c * source_row + i];
  }
}

// The way back: pixels into planes.
INLINE void deinterleave(const float *source, float *target, ptrdiff_t target_row, const int channels,
                         ptrdiff_t count) {
  ptrdiff_t i = 0;
#if LANES == 16
  if (channels == 3) {
    // From 48 values a b c a b c …, first those in the first two vectors, then those in the third.
    const __m512i red = _mm512_setr_epi32(0, 3, 6, 9, 12, 15, 18, 21, 24, 27, 30, 0, 0, 0, 0, 0);
    const __m512i green = _mm512_setr_epi32(1, 4, 7, 10, 13, 16, 19, 22, 25, 28, 31, 0, 0, 0, 0, 0);
    const __m512i blue = _mm512_setr_epi32(2, 5, 8, 11, 14, 17, 20, 23, 26, 29, 0, 0, 0, 0, 0, 0);
    const __m512i red_rest = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 17, 20, 23, 26, 29);
    const __m512i green_rest = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 18, 21, 24, 27, 30);
    const __m512i blue_rest = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 16, 19, 22, 25, 28, 31);
    for (; i + 16 <= count; i += 16) {
      __m512 x = (__m512)load(source + 3 * i), y = (__m512)load(source + 3 * i + 16),
             z = (__m512)load(source + 3 * i + 32);
      store(target + i, (vec)_mm512_permutex2var_ps(_mm512_permutex2var_ps(x, red, y), red_rest, z));
      store(target + target_row + i, (vec)_mm512_permutex2var_ps(_mm512_permutex2var_ps(x, green, y), green_rest, z));
      store(target + 2 * target_row + i,
            (vec)_mm512_permutex2var_ps(_mm512_permutex2var_ps(x, blue, y), blue_rest, z));
    }
  }
#endif
  if (channels == 2) {
    for (; i + LANES <= count; i += LANES) {
      vec a = load(source + 2 * i), b = load(source + 2 * i + LANES);
      store(target + i, even_lanes(a, b));
      store(target + target_row + i, odd_lanes(a, b));
    }
  } else if (channels == 4) {
    for (; i + LANES <= count; i += LANES) {
      vec a = load(source + 4 * i), b = load(source + 4 * i + LANES);
      vec c = load(source + 4 * i + 2 * LANES), d = load(source + 4 * i + 3 * LANES);
      vec p = even_lanes(a, b), q = even_lanes(c, d), r = odd_lanes(a, b), s = odd_lanes(c, d);
      store(target + i, even_lanes(p, q));
      store(target + target_row + i, even_lanes(r, s));
      store(target + 2 * target_row + i, odd_lanes(p, q));
      store(target + 3 * target_row + i, odd_lanes(r, s));
    }
  }
  for (; i < count; i++) {
    UNROLLED for (int c = 0; c < channels; c++) target[c * target_row + i] = source[i * channels + c];
  }
}

INLINE void transpose_plain(const float *source, ptrdiff_t source_row, float *target, ptrdiff_t target_row,
                            ptrdiff_t rows, ptrdiff_t columns) {
  for (ptrdiff_t row = 0; row < rows; row++) {
    for (ptrdiff_t column = 0; column < columns; column++) {
      target[row * target_row + column] = source[column * source_row + row];
    }
  }
}

static void transpose_run(const float *source, ptrdiff_t source_row, float *target, ptrdiff_t target_row,
                          ptrdiff_t rows, ptrdiff_t columns) {
  if (columns == target_row) {
    if (columns == 2) return interleave(source, source_row, target, 2, rows);
    if (columns == 3) return interleave(source, source_row, target, 3, rows);
    if (columns == 4) return interleave(source, source_row, target, 4, rows);
  }
  if (rows == source_row) {
    if (rows == 2) return deinterleave(source, target, target_row, 2, columns);
    if (rows == 3) return deinterleave(source, target, target_row, 3, columns);
    if (rows == 4) return deinterleave(source, target, target_row, 4, columns);
  }
  // Squares along a band of LANES source rows: LANES streams are read, whole vectors are written.
  ptrdiff_t column = 0;
  for (; column + LANES <= columns; column += LANES) {
    const float *from = source + column * source_row;
    ptrdiff_t row = 0;
    for (; row + LANES <= rows; row += LANES) {
      transpose_square(from + row, source_row, target + row * target_row + column, target_row);
    }
    transpose_plain(from + row, source_row, target + row * target_row + column, target_row, rows - row, LANES);
  }
  transpose_plain(source + column * source_row, source_row, target + column, target_row, rows, columns - column);
}
