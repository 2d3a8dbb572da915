// Depthwise convolution: strips of up to eight rows of output, one vector wide.
//
// A plane (or a band of it) is copied into padded scratch that stays in the L1 cache; a step of 2 becomes two phases.
// Each vector of the copy is loaded once for every column of the window and serves all rows of the strip.

#define STRIP_ROWS (REGISTERS == 32 ? 8 : 4)
#define STRIP_ROWS_MAX 8

INLINE void depthwise_strip(const struct depthwise_job *job, const int window, const int step, const int rows,
                            const float *weight, float bias, const float *from, float *to, const float *residual,
                            int count) {
  vec sums[STRIP_ROWS_MAX];
  const ptrdiff_t pitch = job->pitch;
  const ptrdiff_t row_stride = pitch * step;
  UNROLLED for (int y = 0; y < rows; y++) sums[y] = splat(bias);
  UNROLLED for (int s = 0; s < window; s++) {
    const float *column = from + s % step * pitch + s / step;
    vec lines[(STRIP_ROWS_MAX - 1) * 2 + 7];
    UNROLLED for (int y = 0; y < (rows - 1) * step + window; y++) lines[y] = load(column + y * row_stride);
    UNROLLED for (int r = 0; r < window; r++) {
      const vec factor = splat(weight[r * window + s]);
      UNROLLED for (int y = 0; y < rows; y++) sums[y] += lines[y * step + r] * factor;
    }
    // Left to itself the compiler finishes one row after the other and keeps everything else on the stack.
    UNROLLED for (int y = 0; y < rows; y++) STAY(sums[y]);
  }
  UNROLLED for (int y = 0; y < rows; y++) {
    const ptrdiff_t at = y * (ptrdiff_t)job->columns;
    vec value = sums[y];
    if (residual) value += load_part(residual + at, count);
    value = apply_rule(value, &job->rule);
    if (count == LANES) {
      store(to + at, value);
    } else {
      store_part(to + at, value, count);
    }
  }
}

#define DEPTHWISE_STRIPS(window, step)                                                                              \
  static void depthwise_##window##_##step(const struct depthwise_job *job, const float *weight, float bias,         \
                                          float *output, const float *residual) {                                   \
    for (int32_t y = 0; y < job->rows;) {                                                                           \
      const int left = job->rows - y;                                                                               \
      const float *from = job->scratch + (ptrdiff_t)y * step * step * job->pitch;                                   \
      float *to = output + (ptrdiff_t)y * job->columns;                                                             \
      const float *more = residual ? residual + (ptrdiff_t)y * job->columns : NULL;                                 \
      const int rows = left >= STRIP_ROWS ? STRIP_ROWS : left >= 4 ? 4 : left >= 2 ? 2 : 1;                         \
      for (int32_t x = 0; x < job->columns; x += LANES) {                                                           \
        const int count = job->columns - x < LANES ? job->columns - x : LANES;                                      \
        const float *rest = more ? more + x : NULL;                                                                 \
        switch (rows) {                                                                                             \
          case 1: depthwise_strip(job, window, step, 1, weight, bias, from + x, to + x, rest, count); break;        \
          case 2: depthwise_strip(job, window, step, 2, weight, bias, from + x, to + x, rest, count); break;        \
          case 4: depthwise_strip(job, window, step, 4, weight, bias, from + x, to + x, rest, count); break;        \
          default: depthwise_strip(job, window, step, STRIP_ROWS, weight, bias, from + x, to + x, rest, count);     \
        }                                                                                                           \
      }                                                                                                             \
      y += rows;                                                                                                    \
    }                                                                                                               \
  }

DEPTHWISE_STRIPS(3, 1)
DEPTHWISE_STRIPS(5, 1)
DEPTHWISE_STRIPS(7, 1)
DEPTHWISE_STRIPS(3, 2)
DEPTHWISE_STRIPS(5, 2)
DEPTHWISE_STRIPS(7, 2)

// One row of the plane to its place in scratch, whose borders are zero already. The last vector may write zeros behind
// the row: there is room for them.
INLINE void depthwise_row(const struct depthwise_job *job, const float *from, float *to) {
  const ptrdiff_t width = job->width;
  ptrdiff_t x = 0;
  if (job->step == 1) {
    to += job->left;
    for (; x + LANES <= width; x += LANES) store(to + x, load(from + x));
    if (x < width) store(to + x, load_part(from + x, (int)(width - x)));
    return;
  }
  float *even = to + job->left % 2 * job->pitch + job->left / 2;
  float *odd = to + (job->left + 1) % 2 * job->pitch + (job->left + 1) / 2;
  for (; x < width; x += 2 * LANES) {
    const ptrdiff_t rest = width - x;
    vec a = rest >= LANES ? load(from + x) : load_part(from + x, (int)rest);
    vec b = rest >= 2 * LANES ? load(from + x + LANES) : rest > LANES ? load_part(from + x + LANES, (int)(rest - LANES)) : splat(0);
    vec first, second;
    split_pairs(a, b, &first, &second);
    store(even + x / 2, first);
    store(odd + x / 2, second);
  }
}

static void depthwise(const struct depthwise_job *job) {
  const int step = job->step, window = job->window;
  const ptrdiff_t row = job->pitch * step;
  const ptrdiff_t lines = (ptrdiff_t)(job->rows - 1) * step + window;
  const ptrdiff_t top = (ptrdiff_t)job->first_row * step - job->top;
  memset(job->scratch, 0, (size_t)(lines * row) * sizeof(float));
  ptrdiff_t begin = top < 0 ? -top : 0;
  ptrdiff_t end = top + lines > job->height ? job->height - top : lines;
  for (int32_t c = 0; c < job->channels; c++) {
    const float *input = job->input + c * job->input_channel_stride + top * job->width;
    for (ptrdiff_t y = begin; y < end; y++) depthwise_row(job, input + y * job->width, job->scratch + y * row);
    const float *weight = job->weight + (ptrdiff_t)c * window * window;
    const float bias = job->bias ? job->bias[c] : 0;
    const ptrdiff_t at = c * job->output_channel_stride;
    float *output = job->output + at;
    const float *residual = job->residual ? job->residual + at : NULL;
    if (step == 1) {
      if (window == 3) depthwise_3_1(job, weight, bias, output, residual);
      if (window == 5) depthwise_5_1(job, weight, bias, output, residual);
      if (window == 7) depthwise_7_1(job, weight, bias, output, residual);
    } else {
      if (window == 3) depthwise_3_2(job, weight, bias, output, residual);
      if (window == 5) depthwise_5_2(job, weight, bias, output, residual);
      if (window == 7) depthwise_7_2(job, weight, bias, output, residual);
    }
  }
}
