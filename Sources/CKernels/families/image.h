// Resampling, and what a summary of a picture needs.

// The elements at LANES places.
INLINE vec gather(const float *from, const int32_t *places) {
#if LANES == 16
  return (vec)_mm512_i32gather_ps(_mm512_loadu_si512(places), from, 4);
#elif LANES == 8
  return (vec)_mm256_i32gather_ps(from, _mm256_loadu_si256((const __m256i *)places), 4);
#else
  return (vec){from[places[0]], from[places[1]], from[places[2]], from[places[3]]};
#endif
}

static void pick_run(const float *restrict input, const int32_t *restrict first, float *restrict output,
                     ptrdiff_t count) {
  ptrdiff_t j = 0;
  for (; j + LANES <= count; j += LANES) store(output + j, gather(input, first + j));
  for (; j < count; j++) output[j] = input[first[j]];
}

static void blend_columns_run(const float *restrict input, const int32_t *restrict first,
                              const int32_t *restrict second, const float *restrict shares, float *restrict output,
                              ptrdiff_t count) {
  ptrdiff_t j = 0;
  for (; j + LANES <= count; j += LANES) {
    vec a = gather(input, first + j), b = gather(input, second + j), share = load(shares + j);
    // With no share of it, an infinite neighbour must not count.
    store(output + j, choose(share == 0, a, a * (1 - share) + b * share));
  }
  if (j < count) {
    vec a = {0}, b = {0};
    const int tail = (int)(count - j);
    for (int lane = 0; lane < tail; lane++) {
      a[lane] = input[first[j + lane]];
      b[lane] = input[second[j + lane]];
    }
    vec share = load_part(shares + j, tail);
    store_part(output + j, choose(share == 0, a, a * (1 - share) + b * share), tail);
  }
}

typedef float pixel __attribute__((vector_size(16), aligned(4), may_alias));
typedef int32_t pixel_mask __attribute__((vector_size(16)));

// A pixel of three is read and written as one of four, but for the last ones: the place behind them may be nobody's, and
// what is written too much, the next pixel overwrites.
static void pick_pixels_run(const float *restrict input, ptrdiff_t width, const int32_t *restrict first, int32_t depth,
                            float *restrict output, ptrdiff_t count) {
  const ptrdiff_t last = depth == 3 ? width - 2 : width - 1;
  ptrdiff_t j = 0;
  for (; j < count - 1 && first[j] <= last; j++) {
    *(pixel *)(output + j * depth) = *(const pixel *)(input + (ptrdiff_t)first[j] * depth);
  }
  for (; j < count; j++) {
    for (int32_t c = 0; c < depth; c++) output[j * depth + c] = input[(ptrdiff_t)first[j] * depth + c];
  }
}

static void blend_pixels_run(const float *restrict input, ptrdiff_t width, const int32_t *restrict first,
                             const int32_t *restrict second, const float *restrict shares, int32_t depth,
                             float *restrict output, ptrdiff_t count) {
  const ptrdiff_t last = depth == 3 ? width - 2 : width - 1;
  ptrdiff_t j = 0;
  for (; j < count - 1 && second[j] <= last; j++) {
    pixel a = *(const pixel *)(input + (ptrdiff_t)first[j] * depth);
    pixel b = *(const pixel *)(input + (ptrdiff_t)second[j] * depth);
    const pixel share = shares[j] - (pixel){0};
    const pixel_mask none = share == 0;
    pixel both = a * (1 - share) + b * share;
    *(pixel *)(output + j * depth) = (pixel)((none & (pixel_mask)a) | (~none & (pixel_mask)both));
  }
  for (; j < count; j++) {
    for (int32_t c = 0; c < depth; c++) {
      const float a = input[(ptrdiff_t)first[j] * depth + c], b = input[(ptrdiff_t)second[j] * depth + c];
      output[j * depth + c] = shares[j] == 0 ? a : a * (1 - shares[j]) + b * shares[j];
    }
  }
}

static void blend_rows_run(const float *top, const float *bottom, float share, float *output, ptrdiff_t count) {
  if (share == 0) {
    memcpy(output, top, (size_t)count * sizeof(float));
    return;
  }
  const vec rest = splat(1 - share), part = splat(share);
  ptrdiff_t i = 0;
  for (; i + LANES <= count; i += LANES) store(output + i, load(top + i) * rest + load(bottom + i) * part);
  if (i < count) {
    const int tail = (int)(count - i);
    store_part(output + i, load_part(top + i, tail) * rest + load_part(bottom + i, tail) * part, tail);
  }
}

static void weigh_columns_run(const float *restrict input, ptrdiff_t width, const int32_t *restrict first,
                              const int32_t *restrict counts, const float *restrict weights, int32_t taps,
                              int32_t depth, float *restrict output, ptrdiff_t count) {
  if (depth == 3 || depth == 4) {
    // As above, a pixel of three is read and written as one of four where the place behind it is in the row.
    ptrdiff_t j = 0;
    for (; j < count - 1; j++) {
      const float *from = input + (ptrdiff_t)first[j] * depth, *weight = weights + j * taps;
      if (depth == 3 && first[j] + counts[j] >= width) break;
      pixel sum = {0};
      for (int32_t k = 0; k < counts[j]; k++) {
        if (weight[k] != 0) sum += *(const pixel *)(from + (ptrdiff_t)k * depth) * weight[k];
      }
      *(pixel *)(output + j * depth) = sum;
    }
    for (; j < count; j++) {
      const float *from = input + (ptrdiff_t)first[j] * depth, *weight = weights + j * taps;
      for (int32_t c = 0; c < depth; c++) {
        float sum = 0;
        for (int32_t k = 0; k < counts[j]; k++) {
          if (weight[k] != 0) sum += from[(ptrdiff_t)k * depth + c] * weight[k];
        }
        output[j * depth + c] = sum;
      }
    }
    return;
  }
  for (ptrdiff_t j = 0; j < count; j++) {
    const float *from = input + (ptrdiff_t)first[j] * depth, *weight = weights + j * taps;
    for (int32_t c = 0; c < depth; c++) {
      float sum = 0;
      for (int32_t k = 0; k < counts[j]; k++) {
        if (weight[k] != 0) sum += from[(ptrdiff_t)k * depth + c] * weight[k];
      }
      output[j * depth + c] = sum;
    }
  }
}

static void weigh_rows_run(const float *restrict input, ptrdiff_t stride, const float *restrict weights, int32_t taps,
                           float *restrict output, ptrdiff_t count) {
  ptrdiff_t i = 0;
  for (; i + LANES <= count; i += LANES) {
    vec sum = {0};
    for (int32_t k = 0; k < taps; k++) {
      if (weights[k] != 0) sum += load(input + k * stride + i) * splat(weights[k]);
    }
    store(output + i, sum);
  }
  if (i < count) {
    const int tail = (int)(count - i);
    vec sum = {0};
    for (int32_t k = 0; k < taps; k++) {
      if (weights[k] != 0) sum += load_part(input + k * stride + i, tail) * splat(weights[k]);
    }
    store_part(output + i, sum, tail);
  }
}

// Sums below 2³¹: 255 times the sum of the weights' magnitudes, which is below 2 for every filter.
INLINE float level_of(int32_t sum) {
  const int32_t level = (sum + (1 << 21)) >> 22;
  return (float)(level < 0 ? 0 : level > 255 ? 255 : level);
}

static void weigh_level_columns_run(const float *restrict input, ptrdiff_t width, const int32_t *restrict first,
                                    const int32_t *restrict counts, const int32_t *restrict weights, int32_t taps,
                                    int32_t depth, float *restrict output, ptrdiff_t count) {
  for (ptrdiff_t j = 0; j < count; j++) {
    const float *from = input + (ptrdiff_t)first[j] * depth;
    const int32_t *weight = weights + j * taps;
    if ((depth == 4 || (depth == 3 && first[j] + counts[j] < width)) && j < count - 1) {
      pixel_mask sum = {0};
      for (int32_t k = 0; k < counts[j]; k++) {
        sum += __builtin_convertvector(*(const pixel *)(from + (ptrdiff_t)k * depth), pixel_mask) * weight[k];
      }
      pixel levels;
      for (int c = 0; c < 4; c++) levels[c] = level_of(sum[c]);
      *(pixel *)(output + j * depth) = levels;
      continue;
    }
    for (int32_t c = 0; c < depth; c++) {
      int32_t sum = 0;
      for (int32_t k = 0; k < counts[j]; k++) sum += (int32_t)from[(ptrdiff_t)k * depth + c] * weight[k];
      output[j * depth + c] = level_of(sum);
    }
  }
}

static void weigh_level_rows_run(const float *restrict input, ptrdiff_t stride, const int32_t *restrict weights,
                                 int32_t taps, float *restrict output, ptrdiff_t count) {
  ptrdiff_t i = 0;
  for (; i + LANES <= count; i += LANES) {
    vec_mask sum = {0};
    for (int32_t k = 0; k < taps; k++) {
      sum += __builtin_convertvector(load(input + k * stride + i), vec_mask) * weights[k];
    }
    sum = (sum + (1 << 21)) >> 22;
    vec levels = __builtin_convertvector(sum, vec);
    store(output + i, clip(levels, splat(0), splat(255)));
  }
  for (; i < count; i++) {
    int32_t sum = 0;
    for (int32_t k = 0; k < taps; k++) sum += (int32_t)input[k * stride + i] * weights[k];
    output[i] = level_of(sum);
  }
}

static void round_levels_run(float *levels, ptrdiff_t count) {
  const vec low = splat(0), high = splat(255), half = splat(0.5f);
  ptrdiff_t i = 0;
  for (; i + LANES <= count; i += LANES) store(levels + i, floor_of(clip(load(levels + i), low, high) + half));
  if (i < count) {
    const int tail = (int)(count - i);
    store_part(levels + i, floor_of(clip(load_part(levels + i, tail), low, high) + half), tail);
  }
}

static int32_t are_levels_run(const float *input, ptrdiff_t count) {
  ptrdiff_t i = 0;
  for (; i + LANES <= count; i += LANES) {
    vec x = load(input + i);
    vec_mask holds = (x >= 0) & (x <= 255) & (x == floor_of(x));
    int32_t all = -1;
    for (int lane = 0; lane < LANES; lane++) all &= holds[lane];
    if (!all) return 0;
  }
  for (; i < count; i++) {
    if (!(input[i] >= 0 && input[i] <= 255 && input[i] == floorf(input[i]))) return 0;
  }
  return 1;
}

static struct stretch scan_run(const float *input, ptrdiff_t count) {
  vec low = splat(INFINITY), high = splat(-INFINITY);
  vec_double sums = {0};
  vec_mask odd = {0};
  ptrdiff_t i = 0;
  for (; i + LANES <= count; i += LANES) {
    vec x = load(input + i);
    vec_mask finite = magnitude(x) < INFINITY;
    odd += ~finite;
    low = choose(x < low, choose(finite, x, low), low);
    high = choose(x > high, choose(finite, x, high), high);
    sums += widen((vec)((vec_mask)x & finite));
  }
  struct stretch result = {INFINITY, -INFINITY, 0, 0};
  for (int lane = 0; lane < LANES; lane++) {
    if (low[lane] < result.minimum) result.minimum = low[lane];
    if (high[lane] > result.maximum) result.maximum = high[lane];
    result.sum += sums[lane];
    result.odd -= odd[lane];
  }
  for (; i < count; i++) {
    const float x = input[i];
    if (isfinite(x)) {
      if (x < result.minimum) result.minimum = x;
      if (x > result.maximum) result.maximum = x;
      result.sum += x;
    } else {
      result.odd++;
    }
  }
  return result;
}

static double tally_run(const float *input, ptrdiff_t count, double mean, double low, double scale, int64_t *counts,
                        int32_t bins) {
  vec_double squares = {0};
  double total = 0;
  for (ptrdiff_t i = 0; i < count; i += LANES) {
    const int part = (int)(count - i < LANES ? count - i : LANES);
    vec x = part == LANES ? load(input + i) : load_part(input + i, part);
    vec_mask finite = magnitude(x) < INFINITY;
    vec_long wide = __builtin_convertvector(finite, vec_long);
    vec_double value = (vec_double)((vec_long)widen(x) & wide);
    vec_double difference = (vec_double)((vec_long)(value - mean) & wide);
    // Never below 0 in exact arithmetic, nor above `bins`; the largest element belongs to the last bin.
    vec_double at = (value - low) * scale;
    at = choose_double(at > 0, at, splat_double(0));
    at = choose_double(at < bins - 1, at, splat_double(bins - 1));
    vec_mask place = __builtin_convertvector(at, vec_mask);
    place = (finite & place) | (~finite & bins);
    if (part == LANES) squares += difference * difference;
    for (int lane = 0; lane < part; lane++) {
      counts[place[lane]]++;
      if (part < LANES) total += difference[lane] * difference[lane];
    }
  }
  for (int lane = 0; lane < LANES; lane++) total += squares[lane];
  return total;
}
