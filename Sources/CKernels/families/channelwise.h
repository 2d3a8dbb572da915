// Depthwise convolution with channels in the lanes: any window, stride and dilation, and no lane is idle however small the
// planes are.

// Pixels of a tile: one row, or two half as long for narrow planes. Fewer than eight sums would wait for one another.
#if REGISTERS == 32
#define CHANNELWISE_PIXELS 14
#else
#define CHANNELWISE_PIXELS 12
#endif
#define CHANNELWISE_PAIR (CHANNELWISE_PIXELS / 2)

INLINE void channelwise_tile(const struct channelwise_job *job, const int rows, const int columns,
                             const ptrdiff_t step, const float *input, float *output) {
  vec sums[CHANNELWISE_PIXELS];
  UNROLLED for (int p = 0; p < rows * columns; p++) sums[p] = splat(0);
  const float *weight = job->weight;
  const int32_t *const offsets = job->offsets;
  const int32_t taps = job->taps;
  for (int32_t t = 0; t < taps; t++) {
    const float *first = input + offsets[t];
    const float *second = first + job->input_row_stride;
    const vec factor = load(weight);
    weight += LANES;
    UNROLLED for (int r = 0; r < rows; r++) UNROLLED for (int p = 0; p < columns; p++) {
      sums[r * columns + p] += load((r ? second : first) + p * step) * factor;
    }
  }
  UNROLLED for (int p = 0; p < rows * columns; p++) store(output + p * LANES, sums[p]);
}

// Two rows of output whose windows overlap in all rows but one: a pixel is loaded once for both.
#if REGISTERS == 32
#define CHANNELWISE_SHARED 12
#else
#define CHANNELWISE_SHARED 6
#endif

INLINE void channelwise_row(vec *sums, const int columns, const ptrdiff_t step, const float *from, vec factor) {
  UNROLLED for (int p = 0; p < columns; p++) sums[p] += load(from + p * step) * factor;
}

INLINE void channelwise_shared(const struct channelwise_job *job, const int columns, const ptrdiff_t step,
                               const float *input, float *output) {
  vec upper[CHANNELWISE_SHARED], lower[CHANNELWISE_SHARED];
  UNROLLED for (int p = 0; p < columns; p++) upper[p] = lower[p] = splat(0);
  const int32_t across = job->across, taps = job->taps;
  const int32_t *const offsets = job->offsets;
  const float *const weight = job->weight;
  for (int32_t t = 0; t < across; t++) channelwise_row(upper, columns, step, input + offsets[t], load(weight + t * LANES));
  for (int32_t t = across; t < taps; t++) {
    const float *from = input + offsets[t];
    const vec here = load(weight + (ptrdiff_t)t * LANES), above = load(weight + (ptrdiff_t)(t - across) * LANES);
    UNROLLED for (int p = 0; p < columns; p++) {
      const vec pixel = load(from + p * step);
      upper[p] += pixel * here;
      lower[p] += pixel * above;
    }
  }
  for (int32_t t = taps - across; t < taps; t++) {
    channelwise_row(lower, columns, step, input + offsets[t] + job->input_row_stride, load(weight + (ptrdiff_t)t * LANES));
  }
  float *second = output + (ptrdiff_t)job->columns * LANES;
  UNROLLED for (int p = 0; p < columns; p++) store(output + p * LANES, upper[p]);
  UNROLLED for (int p = 0; p < columns; p++) store(second + p * LANES, lower[p]);
}

typedef void channelwise_tile_function(const struct channelwise_job *job, const float *input, float *output);

#define CHANNELWISE_TILE(rows, columns)                                                                           \
  static void channelwise_tile_##rows##_##columns(const struct channelwise_job *job, const float *input,          \
                                                  float *output) {                                                \
    const ptrdiff_t step = (ptrdiff_t)job->column_step * LANES;                                                   \
    if (step == LANES) {                                                                                          \
      channelwise_tile(job, rows, columns, LANES, input, output);                                                 \
    } else if (step == 2 * LANES) {                                                                               \
      channelwise_tile(job, rows, columns, 2 * LANES, input, output);                                             \
    } else {                                                                                                      \
      channelwise_tile(job, rows, columns, step, input, output);                                                  \
    }                                                                                                             \
  }

#define CHANNELWISE_HALF_TILES(X, rows) X(rows, 1) X(rows, 2) X(rows, 3) X(rows, 4) X(rows, 5) X(rows, 6)
#if REGISTERS == 32
#define CHANNELWISE_TILES(X)                                                                                      \
  CHANNELWISE_HALF_TILES(X, 1) X(1, 7) X(1, 8) X(1, 9) X(1, 10) X(1, 11) X(1, 12) X(1, 13) X(1, 14)               \
  CHANNELWISE_HALF_TILES(X, 2) X(2, 7)
#else
#define CHANNELWISE_TILES(X)                                                                                      \
  CHANNELWISE_HALF_TILES(X, 1) X(1, 7) X(1, 8) X(1, 9) X(1, 10) X(1, 11) X(1, 12) CHANNELWISE_HALF_TILES(X, 2)
#endif

CHANNELWISE_TILES(CHANNELWISE_TILE)

#define CHANNELWISE_ENTRY(rows, columns) [rows - 1][columns - 1] = channelwise_tile_##rows##_##columns,
static channelwise_tile_function *const channelwise_tiles[2][CHANNELWISE_PIXELS] = {CHANNELWISE_TILES(CHANNELWISE_ENTRY)};

#define CHANNELWISE_SHARED_TILE(columns)                                                                          \
  static void channelwise_shared_##columns(const struct channelwise_job *job, const float *input, float *output) { \
    const ptrdiff_t step = (ptrdiff_t)job->column_step * LANES;                                                   \
    if (step == LANES) {                                                                                          \
      channelwise_shared(job, columns, LANES, input, output);                                                     \
    } else {                                                                                                      \
      channelwise_shared(job, columns, step, input, output);                                                      \
    }                                                                                                             \
  }
#if REGISTERS == 32
#define CHANNELWISE_SHARED_TILES(X) X(1) X(2) X(3) X(4) X(5) X(6) X(7) X(8) X(9) X(10) X(11) X(12)
#else
#define CHANNELWISE_SHARED_TILES(X) X(1) X(2) X(3) X(4) X(5) X(6)
#endif

CHANNELWISE_SHARED_TILES(CHANNELWISE_SHARED_TILE)

#define CHANNELWISE_SHARED_ENTRY(columns) channelwise_shared_##columns,
static channelwise_tile_function *const channelwise_shared_tiles[] = {CHANNELWISE_SHARED_TILES(CHANNELWISE_SHARED_ENTRY)};

// Two rows at a time.
static void channelwise_pairs(const struct channelwise_job *job, int32_t rows) {
  const int tiles = (job->columns + CHANNELWISE_SHARED - 1) / CHANNELWISE_SHARED;
  const ptrdiff_t step = (ptrdiff_t)job->column_step * LANES;
  for (int32_t y = 0; y < rows; y += 2) {
    const float *input = job->input + y * job->input_row_stride;
    float *output = job->output + (ptrdiff_t)y * job->columns * LANES;
    int done = 0;
    for (int tile = 0; tile < tiles; tile++) {
      const int width = (job->columns - done + tiles - tile - 1) / (tiles - tile);
      channelwise_shared_tiles[width - 1](job, input + done * step, output + (ptrdiff_t)done * LANES);
      done += width;
    }
  }
}

static void channelwise(const struct channelwise_job *job) {
  const int32_t together = job->across > 0 ? job->rows / 2 * 2 : 0;
  channelwise_pairs(job, together);
  const int pair = job->columns <= CHANNELWISE_PAIR && job->rows > 1;
  const int most = pair ? CHANNELWISE_PAIR : CHANNELWISE_PIXELS;
  const int tiles = (job->columns + most - 1) / most;
  const ptrdiff_t step = (ptrdiff_t)job->column_step * LANES;
  for (int32_t y = together; y < job->rows;) {
    const int rows = pair && y + 1 < job->rows ? 2 : 1;
    const float *input = job->input + y * job->input_row_stride;
    float *output = job->output + (ptrdiff_t)y * job->columns * LANES;
    int done = 0;
    for (int tile = 0; tile < tiles; tile++) {
      const int width = (job->columns - done + tiles - tile - 1) / (tiles - tile);
      channelwise_tiles[rows - 1][width - 1](job, input + done * step, output + (ptrdiff_t)done * LANES);
      done += width;
    }
    y += rows;
  }
}
