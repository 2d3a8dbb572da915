// Softmax.

// Sums in double precision: LANES parts, so the bits depend on the variant but not on the threads.
static void softmax_rows_run(const float *input, float *output, ptrdiff_t rows, ptrdiff_t count, int32_t logarithmic) {
  for (ptrdiff_t row = 0; row < rows; row++, input += count, output += count) {
    vec best = splat(-INFINITY);
    const ptrdiff_t whole = count / LANES * LANES;
    const int rest = (int)(count - whole);
    for (ptrdiff_t i = 0; i < whole; i += LANES) best = larger_or_nan(load(input + i), best);
    float largest = -INFINITY;
    for (int lane = 0; lane < LANES; lane++) {
      if (best[lane] > largest || best[lane] != best[lane]) largest = best[lane];
      if (largest != largest) break;
    }
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
    for (int lane = 0; lane < LANES; lane++) total += sums[lane];
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

static void softmax_columns_run(const float *input, float *output, ptrdiff_t rows, ptrdiff_t row_stride,
                                ptrdiff_t width, int32_t logarithmic) {
  for (ptrdiff_t column = 0; column < width; column += LANES) {
    const int part = (int)(width - column < LANES ? width - column : LANES);
    const float *from = input + column;
    float *to = output + column;
    vec best = splat(-INFINITY);
    for (ptrdiff_t row = 0; row < rows; row++) {
      vec x = part == LANES ? load(from + row * row_stride) : load_part(from + row * row_stride, part);
      best = larger_or_nan(x, best);
    }
    vec_double sums = {0};
    for (ptrdiff_t row = 0; row < rows; row++) {
      vec x = part == LANES ? load(from + row * row_stride) : load_part(from + row * row_stride, part);
      x -= best;
      vec e = exp_of(x);
      sums += widen(e);
      if (logarithmic) e = x;
      if (part == LANES) {
        store(to + row * row_stride, e);
      } else {
        store_part(to + row * row_stride, e, part);
      }
    }
    vec factor;
    if (logarithmic) {
      for (int lane = 0; lane < LANES; lane++) factor[lane] = (float)log(sums[lane]);
    } else {
      factor = narrow(1.0 / sums);
    }
    for (ptrdiff_t row = 0; row < rows; row++) {
      vec x = part == LANES ? load(to + row * row_stride) : load_part(to + row * row_stride, part);
      x = logarithmic ? x - factor : x * factor;
      if (part == LANES) {
        store(to + row * row_stride, x);
      } else {
        store_part(to + row * row_stride, x, part);
      }
    }
  }
}
