// The kernel of blocked convolution and of Winograd's products: output channels in the lanes, pixels broadcast.

// Pixels × vectors that fit the register file. A tile is one row of pixels, or two half as long for narrow pictures.
#if REGISTERS == 32
#define PANEL_PIXELS 14
#else
#define PANEL_PIXELS 6
#endif
#define PANEL_PAIR (PANEL_PIXELS / 2)

INLINE void panel_tile(const struct panel_job *job, const int rows, const int columns, const int vectors,
                       const float *input, float *output, const float *ahead) {
  vec sums[PANEL_PIXELS][panel_vectors_max];
  UNROLLED for (int p = 0; p < rows * columns; p++) UNROLLED for (int v = 0; v < vectors; v++) sums[p][v] = splat(0);
  const float *weight = job->weight;
  const int32_t *const offsets = job->offsets;
  const int32_t first_tap = job->first_tap, end_tap = job->end_tap, rest = job->taps - end_tap;
  for (int32_t b = 0; b < job->blocks; b++) {
    const int32_t channels = b == job->blocks - 1 ? job->last_lanes : LANES;
    const float *const block = input + b * job->input_block_stride;
    weight += (ptrdiff_t)first_tap * channels * vectors * LANES;
    for (int32_t t = first_tap; t < end_tap; t++) {
      const float *first = block + offsets[t];
      const float *second = first + job->input_row_stride;
      ALIGNED for (int32_t c = 0; c < channels; c++) {
        vec factors[panel_vectors_max];
        UNROLLED for (int v = 0; v < vectors; v++) factors[v] = load(weight + v * LANES);
        UNROLLED for (int r = 0; r < rows; r++) UNROLLED for (int p = 0; p < columns; p++) {
          vec pixel = splat((r ? second : first)[c + p * LANES]);
          UNROLLED for (int v = 0; v < vectors; v++) sums[r * columns + p][v] += pixel * factors[v];
        }
        weight += vectors * LANES;
        __builtin_prefetch(ahead, 0, 2);
        ahead += 16;
      }
    }
    weight += (ptrdiff_t)rest * channels * vectors * LANES;
  }
  UNROLLED for (int r = 0; r < rows; r++) UNROLLED for (int p = 0; p < columns; p++)
      UNROLLED for (int v = 0; v < vectors; v++) {
        float *to = output + v * job->output_block_stride + r * job->output_row_stride + p * LANES;
        vec sum = sums[r * columns + p][v];
        store(to, job->accumulates ? load(to) + sum : sum);
      }
}

typedef void panel_tile_function(const struct panel_job *job, const float *input, float *output, const float *ahead);

#define PANEL_TILE(rows, columns)                                                                       \
  static void panel_tile_##rows##_##columns##_1(const struct panel_job *job, const float *in, float *out,      \
                                                const float *ahead) {                                   \
    panel_tile(job, rows, columns, 1, in, out, ahead);                                                         \
  }                                                                                                     \
  static void panel_tile_##rows##_##columns##_2(const struct panel_job *job, const float *in, float *out,      \
                                                const float *ahead) {                                   \
    panel_tile(job, rows, columns, 2, in, out, ahead);                                                         \
  }

#if REGISTERS == 32
#define PANEL_TILES(X)                                                                              \
  X(1, 1) X(1, 2) X(1, 3) X(1, 4) X(1, 5) X(1, 6) X(1, 7) X(1, 8) X(1, 9) X(1, 10) X(1, 11) X(1, 12) \
  X(1, 13) X(1, 14) X(2, 1) X(2, 2) X(2, 3) X(2, 4) X(2, 5) X(2, 6) X(2, 7)
#else
#define PANEL_TILES(X) X(1, 1) X(1, 2) X(1, 3) X(1, 4) X(1, 5) X(1, 6) X(2, 1) X(2, 2) X(2, 3)
#endif

PANEL_TILES(PANEL_TILE)

#define PANEL_ENTRY(rows, columns) \
  [rows - 1][columns - 1] = {panel_tile_##rows##_##columns##_1, panel_tile_##rows##_##columns##_2},
static panel_tile_function *const panel_tiles[2][PANEL_PIXELS][panel_vectors_max] = {PANEL_TILES(PANEL_ENTRY)};

static void panel(const struct panel_job *job) {
  // Two rows together where one leaves half of the tile empty.
  const int pair = job->columns <= PANEL_PAIR && job->rows > 1;
  const int most = pair ? PANEL_PAIR : PANEL_PIXELS;
  const int tiles = (job->columns + most - 1) / most;
  // The weights of the next panel follow those of this one. Their lines are fetched while the last tiles are computed, one
  // line a step; in the first tile the core already waits for its own.
  const ptrdiff_t steps = ((ptrdiff_t)(job->blocks - 1) * LANES + job->last_lanes) * job->taps;
  const float *const next = job->weight + steps * job->vectors * LANES;
  const ptrdiff_t lines = steps * job->vectors * LANES / 16;
  const ptrdiff_t taken = steps / job->taps * (job->end_tap - job->first_tap);
  const int calls = (pair ? (job->rows + 1) / 2 : job->rows) * tiles;
  int call = 0;
  for (int32_t y = 0; y < job->rows;) {
    const int rows = pair && y + 1 < job->rows ? 2 : 1;
    const float *input = job->input + y * job->input_row_stride;
    float *output = job->output + y * job->output_row_stride;
    int done = 0;
    for (int tile = 0; tile < tiles; tile++) {
      const int width = (job->columns - done + tiles - tile - 1) / (tiles - tile);
      const ptrdiff_t ahead = lines - (calls - ++call) * taken - taken;
      panel_tiles[rows - 1][width - 1][job->vectors - 1](job, input + done * LANES, output + done * LANES,
                                                         next + (ahead < 0 ? 0 : ahead) * 16);
      done += width;
    }
    y += rows;
  }
}

static void panel_weight(const struct panel_weight_job *job) {
  float *to = job->output;
  for (int32_t first = 0; first < job->channels; first += LANES) {
    const int32_t count = job->channels - first < LANES ? job->channels - first : LANES;
    for (int32_t t = 0; t < job->taps; t++) {
      const int32_t down = job->across ? job->taps / job->across : 1;
      const int32_t tap = job->across ? t % down * job->across + t / down : t;
      for (int32_t c = 0; c < count; c++) {
        store(to, load(job->input + ((ptrdiff_t)(first + c) * job->taps + tap) * LANES));
        to += job->output_row_stride;
      }
    }
  }
}
