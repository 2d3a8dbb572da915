// Softmax.

// Sums in double precision: LANES parts, so the bits depend on the variant but not on the threads.
// The largest lane; NaN if there is one.
INLINE float lane_maximum(vec x) {
  if (any_set(x != x)) return NAN;
  float lanes[LANES];
  store(lanes, x);
  UNROLLED for (int half = LANES / 2; half > 0; half /= 2) {
    UNROLLED for (int lane = 0; lane < half; lane++) {
      lanes[lane] = lanes[lane] > lanes[lane + half] ? lanes[lane] : lanes[lane + half];
    }
  }
  return lanes[0];
}

static void softmax_rows_run(const float *input, float *output, ptrdiff_t rows, ptrdiff_t count, int32_t logarithmic) {
  for (ptrdiff_t row = 0; row < rows; row++, input += count, output += count) {
    vec best = splat(-INFINITY);
    const ptrdiff_t whole = count / LANES * LANES;
    const int rest = (int)(count - whole);
    for (ptrdiff_t i = 0; i < whole; i += LANES) best = larger_or_nan(load(input + i), best);
    float largest = lane_maximum(best);
    for (ptrdiff_t i = whole; i < count; i++) {
      if (input[i] > largest || input[i] != input[i]) largest = input[i];
      if (largest != largest) break;
    }
    const vec shift = splat(largest);
    vec_double sums = {0};
    for (ptrdiff_t i = 0; i < whole; i += LANES) {
      vec x = load(input + i) - shift;
      vec e = exp_of(x);
      sums += widen(e);
      store(output + i, logarithmic ? x : e);
    }
    double total = 0;
    if (rest) {
      vec x = load_part(input + whole, rest) - shift;
      vec e = exp_of(x);
      for (int lane = 0; lane < rest; lane++) total += e[lane];
      store_part(output + whole, logarithmic ? x : e, rest);
    }
    double lanes[LANES];
    memcpy(lanes, &sums, sizeof lanes);
    UNROLLED for (int half = LANES / 2; half > 0; half /= 2) {
      UNROLLED for (int lane = 0; lane < half; lane++) lanes[lane] += lanes[lane + half];
    }
    total += lanes[0];
    const vec factor = splat(logarithmic ? (float)log(total) : (float)(1 / total));
    if (logarithmic) {
      for (ptrdiff_t i = 0; i < whole; i += LANES) store(output + i, load(output + i) - factor);
      if (rest) store_part(output + whole, load_part(output + whole, rest) - factor, rest);
    } else {
      for (ptrdiff_t i = 0; i < whole; i += LANES) store(output + i, load(output + i) * factor);
      if (rest) store_part(output + whole, load_part(output + whole, rest) * factor, rest);
    }
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
