// Flat direct convolution: pixels in the lanes, weights broadcast, an offset table for the taps.

// Channels × vectors that fit the register file: accumulators, one row of input vectors, one broadcast.
#if REGISTERS == 32
#define FLAT_VECTORS {8, 8, 7, 6, 5, 4, 3, 3}
#define FLAT_CHANNELS 8
#define FLAT_VECTORS_MAX 8
#elif LANES == 4
// Products of SSE2 need registers of their own.
#define FLAT_VECTORS {8, 6, 3, 2, 2, 2, 1, 1}
#define FLAT_CHANNELS 6
#define FLAT_VECTORS_MAX 8
#else
// Of 16 registers, 4 × 3 leaves none for a weight: it reaches half of the peak, 6 × 2 all of it.
#define FLAT_VECTORS {6, 4, 3, 2, 2, 2, 1, 1}
#define FLAT_CHANNELS 6
#define FLAT_VECTORS_MAX 6
#endif

#include "flat_step.h"

static const int8_t flat_vectors[flat_channels_max] = FLAT_VECTORS;

// How the last vector of a tile is read and written.
enum flat_end {
  flat_whole,
  // Only the first `tail` lanes are there.
  flat_first,
  // It ends where the row ends and begins `tail` lanes before: the lanes that belong to the vector before it are computed
  // twice and not written. For vectors whose parts cannot be loaded in one go.
  flat_last,
};

INLINE vec flat_load(const float *from, const int is_end, const enum flat_end end, int tail) {
  return is_end && end == flat_first ? load_part(from, tail) : load(from);
}

// One tile of `channels` × `vectors`.
INLINE void flat_tile(const struct flat_job *job, const int channels, const int vectors, const enum flat_end end,
                      const float *input, float *output, const float *residual, int tail) {
  vec sums[flat_channels_max][FLAT_VECTORS_MAX];
  const ptrdiff_t plane = job->output_channel_stride;
  UNROLLED for (int m = 0; m < channels; m++) {
    vec first = splat(job->bias && !job->accumulates ? job->bias[m] : 0);
    UNROLLED for (int v = 0; v < vectors; v++) sums[m][v] = first;
  }
  const int ends = vectors - 1;
  // Where the last vector begins.
  const ptrdiff_t last = ends * LANES - (end == flat_last ? LANES - tail : 0);
  const float *weight = job->weight;
  const ptrdiff_t step = job->weight_stride;
  const int32_t *offsets = job->offsets;
  const int32_t steps = job->steps;
#if FLAT_SPLATS
  int32_t t = 0;
  if (end != flat_first) {
    // Two steps at a time, so that counting costs the less.
    ALIGNED for (; t + 2 <= steps; t += 2) {
      flat_step(sums, input + offsets[t], last, weight, channels, vectors);
      flat_step(sums, input + offsets[t + 1], last, weight + channels * LANES, channels, vectors);
      weight += 2 * channels * LANES;
    }
    if (t < steps) flat_step(sums, input + offsets[t++], last, weight, channels, vectors);
  }
#else
  int32_t t = 0;
#endif
  ALIGNED for (; t < steps; t++) {
    const float *from = input + offsets[t];
    vec pixels[FLAT_VECTORS_MAX];
    UNROLLED for (int v = 0; v < vectors; v++) pixels[v] =
        flat_load(from + (v == ends ? last : v * LANES), v == ends, end, tail);
    UNROLLED for (int m = 0; m < channels; m++) {
      vec factor = FLAT_SPLATS ? load(weight + m * LANES) : splat(weight[m * step + t]);
      UNROLLED for (int v = 0; v < vectors; v++) sums[m][v] += pixels[v] * factor;
    }
    if (FLAT_SPLATS) weight += step;
  }
  if (job->accumulates) {
    UNROLLED for (int m = 0; m < channels; m++) UNROLLED for (int v = 0; v < vectors; v++) sums[m][v] +=
        flat_load(output + m * plane + (v == ends ? last : v * LANES), v == ends, end, tail);
  }
  if (job->finishes) {
    if (residual) {
      UNROLLED for (int m = 0; m < channels; m++) UNROLLED for (int v = 0; v < vectors; v++) sums[m][v] +=
          flat_load(residual + m * plane + (v == ends ? last : v * LANES), v == ends, end, tail);
    }
    if (job->rule.activation != store_plain) {
      UNROLLED for (int m = 0; m < channels; m++) UNROLLED for (int v = 0; v < vectors; v++) sums[m][v] =
          apply_rule(sums[m][v], &job->rule);
    }
  }
  UNROLLED for (int m = 0; m < channels; m++) UNROLLED for (int v = 0; v < vectors; v++) {
    float *to = output + m * plane + v * LANES;
    if (v == ends && end == flat_first) {
      store_part(to, sums[m][v], tail);
    } else if (v == ends && end == flat_last) {
      store_last(to, sums[m][v], tail);
    } else {
      store(to, sums[m][v]);
    }
  }
}

#if LANES == 4
// A row of less than a vector has nothing before its last lanes.
#define FLAT_END(vectors, columns) ((vectors) == 1 && (columns) < LANES ? flat_first : flat_last)
#else
#define FLAT_END(vectors, columns) flat_first
#endif

#define FLAT_TILE(channels, vectors)                                                                             \
  static void flat_tile_##channels##_##vectors(const struct flat_job *job, const float *input, float *output,    \
                                               const float *residual, int tail) {                                \
    if (tail == LANES) {                                                                                         \
      flat_tile(job, channels, vectors, flat_whole, input, output, residual, tail);                              \
    } else if (FLAT_END(vectors, job->columns) == flat_first) {                                                  \
      flat_tile(job, channels, vectors, flat_first, input, output, residual, tail);                              \
    } else {                                                                                                     \
      flat_tile(job, channels, vectors, flat_last, input, output, residual, tail);                               \
    }                                                                                                            \
  }

typedef void flat_tile_function(const struct flat_job *job, const float *input, float *output, const float *residual,
                                int tail);

#if REGISTERS == 32
#define FLAT_TILES(X)                                                                                   \
  X(1, 1) X(1, 2) X(1, 3) X(1, 4) X(1, 5) X(1, 6) X(1, 7) X(1, 8)                                       \
  X(2, 1) X(2, 2) X(2, 3) X(2, 4) X(2, 5) X(2, 6) X(2, 7) X(2, 8)                                       \
  X(3, 1) X(3, 2) X(3, 3) X(3, 4) X(3, 5) X(3, 6) X(3, 7)                                               \
  X(4, 1) X(4, 2) X(4, 3) X(4, 4) X(4, 5) X(4, 6)                                                       \
  X(5, 1) X(5, 2) X(5, 3) X(5, 4) X(5, 5)                                                               \
  X(6, 1) X(6, 2) X(6, 3) X(6, 4)                                                                       \
  X(7, 1) X(7, 2) X(7, 3)                                                                               \
  X(8, 1) X(8, 2) X(8, 3)
#else
#if LANES == 4
#define FLAT_TILES(X)                                                                                   \
  FLAT_TILES_16(X) X(1, 7) X(1, 8) X(2, 5) X(2, 6)
#else
#define FLAT_TILES(X) FLAT_TILES_16(X)
#endif
#define FLAT_TILES_16(X)                                                                                \
  X(1, 1) X(1, 2) X(1, 3) X(1, 4) X(1, 5) X(1, 6)                                                       \
  X(2, 1) X(2, 2) X(2, 3) X(2, 4)                                                                       \
  X(3, 1) X(3, 2) X(3, 3)                                                                               \
  X(4, 1) X(4, 2)                                                                                       \
  X(5, 1) X(5, 2)                                                                                       \
  X(6, 1) X(6, 2)                                                                                       \
  X(7, 1)                                                                                               \
  X(8, 1)
#endif

FLAT_TILES(FLAT_TILE)

#define FLAT_ENTRY(channels, vectors) [channels - 1][vectors - 1] = flat_tile_##channels##_##vectors,
static flat_tile_function *const flat_tiles[flat_channels_max][FLAT_VECTORS_MAX] = {FLAT_TILES(FLAT_ENTRY)};

static void flat_part(const struct flat_job *job) {
  // As few tiles as the register file allows, of nearly the same width: 4 vectors are 2 + 2, not 3 + 1.
  const int vectors = (job->columns + LANES - 1) / LANES;
  const int most = flat_vectors[job->channels - 1];
  const int tiles = (vectors + most - 1) / most;
  const int last = job->columns - (vectors - 1) * LANES;
  flat_tile_function *const *const row = flat_tiles[job->channels - 1];
  for (int32_t y = 0; y < job->rows; y++) {
    const float *input = job->input + y * job->input_row_stride;
    float *output = job->output + y * job->output_row_stride;
    const float *residual = job->residual ? job->residual + y * job->output_row_stride : NULL;
    int done = 0;
    for (int tile = 0; tile < tiles; tile++) {
      const int width = (vectors - done + tiles - tile - 1) / (tiles - tile);
      const ptrdiff_t at = (ptrdiff_t)done * LANES;
      done += width;
      row[width - 1](job, input + at, output + at, residual ? residual + at : NULL, done == vectors ? last : LANES);
    }
  }
}

// One float sum of several thousand terms would lose more than 3e-6 of the largest output: 4.2e-6 at 4096, 9e-5 at 360 000.
enum { flat_terms = 1024 };

static void flat(const struct flat_job *job) {
  const int32_t parts = (job->steps + flat_terms - 1) / flat_terms;
  if (parts < 2) {
    flat_part(job);
    return;
  }
  struct flat_job part = *job;
  for (int32_t i = 0; i < parts; i++) {
    const int32_t first = (int32_t)((int64_t)job->steps * i / parts), end = (int32_t)((int64_t)job->steps * (i + 1) / parts);
    part.offsets = job->offsets + first;
    part.weight = job->weight + first * (FLAT_SPLATS ? job->weight_stride : 1);
    part.steps = end - first;
    part.accumulates = job->accumulates || i > 0;
    part.finishes = job->finishes && end == job->steps;
    flat_part(&part);
  }
}
