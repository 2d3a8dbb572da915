// Softmax.

// e^(x − shift), or x − shift itself, and the sum of the exponentials in double precision: 2 · LANES parts, so the bits
// depend on the variant but not on the threads.
static double softmax_part_run(const float *input, float *output, ptrdiff_t count, float largest, int32_t logarithmic) {
  const vec shift = splat(largest);
  vec_double sums[2] = {{0}, {0}};
  ptrdiff_t i = 0;
  for (; i + 2 * LANES <= count; i += 2 * LANES) {
    UNROLLED for (int c = 0; c < 2; c++) {
      vec x = load(input + i + c * LANES) - shift;
      vec e = exp_of(x);
      sums[c] += widen(e);
      store(output + i + c * LANES, logarithmic ? x : e);
    }
  }
  for (; i < count; i += LANES) {
    const int part = count - i < LANES ? (int)(count - i) : LANES;
    vec_mask lanes;
    UNROLLED for (int lane = 0; lane < LANES; lane++) lanes[lane] = lane;
    // Exponentials of −∞ add nothing.
    vec x = choose(lanes < part, load_part(input + i, part), splat(-INFINITY)) - shift;
    vec e = exp_of(x);
    sums[0] += widen(e);
    store_part(output + i, logarithmic ? x : e, part);
  }
  vec_double both = sums[0] + sums[1];
  double lanes[LANES];
  memcpy(lanes, &both, sizeof lanes);
  UNROLLED for (int half = LANES / 2; half > 0; half /= 2) {
    UNROLLED for (int lane = 0; lane < half; lane++) lanes[lane] += lanes[lane + half];
  }
  return lanes[0];
}

// The largest element. NaN counts for nothing: its exponential makes the sum NaN, and that the whole row.
INLINE float row_largest(const float *input, ptrdiff_t count) {
  vec best[4] = {splat(-INFINITY), splat(-INFINITY), splat(-INFINITY), splat(-INFINITY)};
  ptrdiff_t i = 0;
  for (; i + 4 * LANES <= count; i += 4 * LANES) {
    UNROLLED for (int c = 0; c < 4; c++) best[c] = larger(load(input + i + c * LANES), best[c]);
  }
  for (; i + LANES <= count; i += LANES) best[0] = larger(load(input + i), best[0]);
  if (i < count && count >= LANES) {
    best[1] = larger(load(input + count - LANES), best[1]);
  } else if (i < count) {
    float padded[LANES];
    store(padded, splat(-INFINITY));
    for (ptrdiff_t lane = 0; lane < count; lane++) padded[lane] = input[lane];
    best[1] = larger(load(padded), best[1]);
  }
  float lanes[LANES];
  store(lanes, larger(larger(best[0], best[1]), larger(best[2], best[3])));
  UNROLLED for (int half = LANES / 2; half > 0; half /= 2) {
    UNROLLED for (int lane = 0; lane < half; lane++) {
      lanes[lane] = lanes[lane] > lanes[lane + half] ? lanes[lane] : lanes[lane + half];
    }
  }
  return lanes[0];
}

static void softmax_scale_run(float *output, ptrdiff_t count, double total, int32_t logarithmic) {
  const vec factor = splat(logarithmic ? 1.0f : (float)(1 / total));
  const vec summand = splat(logarithmic ? -(float)log(total) : -0.0f);
  ptrdiff_t i = 0;
  for (; i + LANES <= count; i += LANES) store(output + i, load(output + i) * factor + summand);
  if (i < count) {
    const int rest = (int)(count - i);
    store_part(output + i, load_part(output + i, rest) * factor + summand, rest);
  }
}

static void softmax_rows_run(const float *input, float *output, ptrdiff_t rows, ptrdiff_t count, int32_t logarithmic) {
  for (ptrdiff_t row = 0; row < rows; row++, input += count, output += count) {
    const double total = softmax_part_run(input, output, count, row_largest(input, count), logarithmic);
    softmax_scale_run(output, count, total, logarithmic);
  }
}

INLINE vec load_upto(const float *from, ptrdiff_t count) { return count >= LANES ? load(from) : load_part(from, (int)count); }
INLINE void store_upto(float *to, vec x, ptrdiff_t count) {
  if (count >= LANES) {
    store(to, x);
  } else {
    store_part(to, x, (int)count);
  }
}

static void softmax_columns_run(const float *input, float *output, ptrdiff_t rows, ptrdiff_t row_stride,
                                ptrdiff_t width, int32_t logarithmic) {
  // Row by row over the whole strip: memory is read in long stretches, and the second and third pass find it in L2.
  vec best[softmax_width / LANES], factors[softmax_width / LANES];
  vec_double sums[softmax_width / LANES];
  const ptrdiff_t vectors = (width + LANES - 1) / LANES;
  for (ptrdiff_t v = 0; v < vectors; v++) {
    best[v] = splat(-INFINITY);
    sums[v] = (vec_double){0};
  }
  for (ptrdiff_t row = 0; row < rows; row++) {
    const float *from = input + row * row_stride;
    for (ptrdiff_t v = 0; v < vectors; v++) {
      best[v] = larger_or_nan(load_upto(from + v * LANES, width - v * LANES), best[v]);
    }
  }
  for (ptrdiff_t row = 0; row < rows; row++) {
    const float *from = input + row * row_stride;
    float *to = output + row * row_stride;
    for (ptrdiff_t v = 0; v < vectors; v++) {
      vec x = load_upto(from + v * LANES, width - v * LANES) - best[v];
      vec e = exp_of(x);
      sums[v] += widen(e);
      store_upto(to + v * LANES, logarithmic ? x : e, width - v * LANES);
    }
  }
  for (ptrdiff_t v = 0; v < vectors; v++) {
    if (logarithmic) {
      for (int lane = 0; lane < LANES; lane++) factors[v][lane] = (float)log(sums[v][lane]);
    } else {
      factors[v] = narrow(1.0 / sums[v]);
    }
  }
  for (ptrdiff_t row = 0; row < rows; row++) {
    float *to = output + row * row_stride;
    for (ptrdiff_t v = 0; v < vectors; v++) {
      vec x = load_upto(to + v * LANES, width - v * LANES);
      store_upto(to + v * LANES, logarithmic ? x - factors[v] : x * factors[v], width - v * LANES);
    }
  }
}
