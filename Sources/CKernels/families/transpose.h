// Between planes (one channel after the other) and pixels that hold LANES channels side by side.

// Interleaving within each 128-bit part: single floats, then pairs.
#if LANES == 4
#define WITHIN(a, b, p, q, r, s) __builtin_shufflevector(a, b, p, q, (r) + 4, (s) + 4)
#define MIX(a, b, p, q, r, s) __builtin_shufflevector(a, b, p, (q) + 4, r, (s) + 4)
#elif LANES == 8
#define WITHIN(a, b, p, q, r, s) \
  __builtin_shufflevector(a, b, p, q, (r) + 8, (s) + 8, (p) + 4, (q) + 4, (r) + 12, (s) + 12)
#define MIX(a, b, p, q, r, s) \
  __builtin_shufflevector(a, b, p, (q) + 8, r, (s) + 8, (p) + 4, (q) + 12, (r) + 4, (s) + 12)
#else
#define WITHIN(a, b, p, q, r, s)                                                                                  \
  __builtin_shufflevector(a, b, p, q, (r) + 16, (s) + 16, (p) + 4, (q) + 4, (r) + 20, (s) + 20, (p) + 8, (q) + 8, \
                          (r) + 24, (s) + 24, (p) + 12, (q) + 12, (r) + 28, (s) + 28)
#define MIX(a, b, p, q, r, s)                                                                                     \
  __builtin_shufflevector(a, b, p, (q) + 16, r, (s) + 16, (p) + 4, (q) + 20, (r) + 4, (s) + 20, (p) + 8, (q) + 24, \
                          (r) + 8, (s) + 24, (p) + 12, (q) + 28, (r) + 12, (s) + 28)
#define QUARTERS(a, b, p, q, r, s)                                                                                   \
  __builtin_shufflevector(a, b, 4 * (p), 4 * (p) + 1, 4 * (p) + 2, 4 * (p) + 3, 4 * (q), 4 * (q) + 1, 4 * (q) + 2,   \
                          4 * (q) + 3, 16 + 4 * (r), 17 + 4 * (r), 18 + 4 * (r), 19 + 4 * (r), 16 + 4 * (s),         \
                          17 + 4 * (s), 18 + 4 * (s), 19 + 4 * (s))
#endif

// Swaps rows and columns of LANES vectors.
INLINE void transpose(vec rows[LANES]) {
  vec parts[LANES];
  UNROLLED for (int g = 0; g < LANES; g += 4) {
    vec low0 = MIX(rows[g], rows[g + 1], 0, 0, 1, 1), high0 = MIX(rows[g], rows[g + 1], 2, 2, 3, 3);
    vec low1 = MIX(rows[g + 2], rows[g + 3], 0, 0, 1, 1), high1 = MIX(rows[g + 2], rows[g + 3], 2, 2, 3, 3);
    parts[g] = WITHIN(low0, low1, 0, 1, 0, 1);
    parts[g + 1] = WITHIN(low0, low1, 2, 3, 2, 3);
    parts[g + 2] = WITHIN(high0, high1, 0, 1, 0, 1);
    parts[g + 3] = WITHIN(high0, high1, 2, 3, 2, 3);
  }
  UNROLLED for (int j = 0; j < 4; j++) {
#if LANES == 4
    rows[j] = parts[j];
#elif LANES == 8
    rows[j] = __builtin_shufflevector(parts[j], parts[4 + j], 0, 1, 2, 3, 8, 9, 10, 11);
    rows[4 + j] = __builtin_shufflevector(parts[j], parts[4 + j], 4, 5, 6, 7, 12, 13, 14, 15);
#else
    vec even0 = QUARTERS(parts[j], parts[4 + j], 0, 2, 0, 2), odd0 = QUARTERS(parts[j], parts[4 + j], 1, 3, 1, 3);
    vec even1 = QUARTERS(parts[8 + j], parts[12 + j], 0, 2, 0, 2), odd1 = QUARTERS(parts[8 + j], parts[12 + j], 1, 3, 1, 3);
    rows[j] = QUARTERS(even0, even1, 0, 2, 0, 2);
    rows[8 + j] = QUARTERS(even0, even1, 1, 3, 1, 3);
    rows[4 + j] = QUARTERS(odd0, odd1, 0, 2, 0, 2);
    rows[12 + j] = QUARTERS(odd0, odd1, 1, 3, 1, 3);
#endif
  }
}

// `count` (1 ... LANES) pixels of one row, all channels, to consecutive pixels or to the places of their phases.
INLINE void block_pixels(const struct block_job *job, const float *from, int count, float *to, ptrdiff_t column) {
  vec rows[LANES];
  if (job->channels == LANES && count == LANES) {
    UNROLLED for (int c = 0; c < LANES; c++) rows[c] = load(from + c * job->input_channel_stride);
  } else if (count == LANES) {
    UNROLLED for (int c = 0; c < LANES; c++) rows[c] =
        c < job->channels ? load(from + c * job->input_channel_stride) : splat(0);
  } else {
    UNROLLED for (int c = 0; c < LANES; c++) rows[c] =
        c < job->channels ? load_part(from + c * job->input_channel_stride, count) : splat(0);
  }
  transpose(rows);
  const ptrdiff_t pixel = job->output_pixel_stride;
  if (job->column_step == 1) {
    to += column * pixel;
    UNROLLED for (int j = 0; j < LANES; j++) {
      if (j < count) store(to + j * pixel, rows[j]);
    }
    return;
  }
  if (job->column_step == 2) {
    float *first = to + column % 2 * job->output_phase_stride + column / 2 * pixel;
    float *second = to + (column + 1) % 2 * job->output_phase_stride + (column + 1) / 2 * pixel;
    UNROLLED for (int j = 0; j < LANES; j++) {
      if (j < count) store((j % 2 ? second : first) + j / 2 * pixel, rows[j]);
    }
    return;
  }
  ptrdiff_t phase = column % job->column_step, place = column / job->column_step;
  UNROLLED for (int j = 0; j < LANES; j++) {
    if (j < count) store(to + phase * job->output_phase_stride + place * pixel, rows[j]);
    if (++phase == job->column_step) {
      phase = 0;
      place++;
    }
  }
}

INLINE void block_zeros(const struct block_job *job, float *to, ptrdiff_t begin, ptrdiff_t end) {
  const ptrdiff_t step = job->column_step;
  if (step == 1) {
    for (ptrdiff_t column = begin; column < end; column++) store(to + column * job->output_pixel_stride, splat(0));
    return;
  }
  for (ptrdiff_t column = begin; column < end; column++) {
    store(to + column % step * job->output_phase_stride + column / step * job->output_pixel_stride, splat(0));
  }
}

// Rows that are shorter than a vector and lie side by side: LANES pixels are turned together, whatever rows they belong to.
INLINE void block_narrow(const struct block_job *job, ptrdiff_t first, ptrdiff_t begin, ptrdiff_t end) {
  const ptrdiff_t pixel = job->output_pixel_stride, width = job->width;
  const float *from = job->input + (job->first_row + begin) * width;
  float *row = job->output + begin * job->output_row_stride + first * pixel;
  ptrdiff_t x = 0;
  for (ptrdiff_t left = (end - begin) * width; left > 0; left -= LANES, from += LANES) {
    const int count = left < LANES ? (int)left : LANES;
    vec rows[LANES];
    UNROLLED for (int c = 0; c < LANES; c++) {
      const float *at = from + c * job->input_channel_stride;
      rows[c] = c >= job->channels ? splat(0) : count == LANES ? load(at) : load_part(at, count);
    }
    transpose(rows);
    UNROLLED for (int j = 0; j < LANES; j++) {
      if (j < count) store(row + x * pixel, rows[j]);
      if (++x == width) {
        x = 0;
        row += job->output_row_stride;
      }
    }
  }
}

static void block(const struct block_job *job) {
  // The columns before the picture and those up to its end.
  ptrdiff_t first = job->first_column < 0 ? -job->first_column : 0;
  ptrdiff_t end = job->width - job->first_column;
  if (first > job->columns) first = job->columns;
  if (end > job->columns) end = job->columns;
  if (end < first) end = first;
  const int narrow = job->width < LANES && end - first == job->width && job->column_step == 1 && job->row_step == 1 &&
                     job->input_row_stride == job->width && job->rows > 1;
  if (narrow) {
    const ptrdiff_t top = job->first_row < 0 ? -job->first_row : 0;
    const ptrdiff_t bottom = job->height - job->first_row < job->rows ? job->height - job->first_row : job->rows;
    if (top < bottom) block_narrow(job, first, top, bottom);
  }
  for (ptrdiff_t i = 0; i < job->rows; i++) {
    const ptrdiff_t y = job->first_row + i * job->row_step;
    float *to = job->output + i * job->output_row_stride;
    if (y < 0 || y >= job->height) {
      block_zeros(job, to, 0, job->columns);
      continue;
    }
    if (narrow) {
      block_zeros(job, to, 0, first);
      block_zeros(job, to, end, job->columns);
      continue;
    }
    const float *from = job->input + y * job->input_row_stride + job->first_column;
    block_zeros(job, to, 0, first);
    ptrdiff_t column = first;
    for (; column + LANES <= end; column += LANES) block_pixels(job, from + column, LANES, to, column);
    if (column < end) block_pixels(job, from + column, (int)(end - column), to, column);
    block_zeros(job, to, end, job->columns);
  }
}

INLINE void unblock_pixels(const struct unblock_job *job, const float *from, vec bias, ptrdiff_t at, int count) {
  vec rows[LANES];
  UNROLLED for (int j = 0; j < LANES; j++) rows[j] =
      j < count ? load(from + j * job->input_pixel_stride) + bias : splat(0);
  transpose(rows);
  UNROLLED for (int c = 0; c < LANES; c++) {
    if (c >= job->channels) break;
    const ptrdiff_t place = at + c * job->output_channel_stride;
    if (count == LANES) {
      vec value = rows[c];
      if (job->residual) value += load(job->residual + place);
      store(job->output + place, apply_rule(value, &job->rule));
    } else {
      vec value = rows[c];
      if (job->residual) value += load_part(job->residual + place, count);
      store_part(job->output + place, apply_rule(value, &job->rule), count);
    }
  }
}

static void unblock(const struct unblock_job *job) {
  const vec bias = job->bias ? load_part(job->bias, job->channels) : splat(0);
  for (int32_t y = 0; y < job->rows; y++) {
    const float *from = job->input + y * job->input_row_stride;
    const ptrdiff_t at = y * job->output_row_stride;
    int32_t x = 0;
    for (; x + LANES <= job->columns; x += LANES) unblock_pixels(job, from + x * job->input_pixel_stride, bias, at + x, LANES);
    if (x < job->columns) unblock_pixels(job, from + x * job->input_pixel_stride, bias, at + x, job->columns - x);
  }
}
