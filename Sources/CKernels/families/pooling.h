// Windows over planes: the largest element or the mean.

#include "pooling_windows.h"

// One row of the window's rows, column by column. NaN wins where `careful`; else a NaN only sets the result's mark.
INLINE int pool_taps_maximum(const float *const input, ptrdiff_t row_stride, const ptrdiff_t taps, float *to,
                             ptrdiff_t count, const int careful) {
  vec_mask odd = {0};
  ptrdiff_t i = 0;
  for (; i + LANES <= count; i += LANES) {
    const float *from = input + i;
    vec best = load(from);
    odd |= best != best;
    for (ptrdiff_t tap = 1; tap < taps; tap++) {
      from += row_stride;
      vec x = load(from);
      odd |= x != x;
      best = careful ? larger_or_nan(x, best) : larger(x, best);
    }
    store(to + i, best);
  }
  if (i < count) {
    const int part = (int)(count - i);
    const float *from = input + i;
    vec best = load_part(from, part);
    odd |= best != best;
    for (ptrdiff_t tap = 1; tap < taps; tap++) {
      from += row_stride;
      vec x = load_part(from, part);
      odd |= x != x;
      best = careful ? larger_or_nan(x, best) : larger(x, best);
    }
    store_part(to + i, best, part);
  }
  return any_set(odd);
}

INLINE int pool_rows_maximum(const float *input, ptrdiff_t row_stride, ptrdiff_t taps, float *to, ptrdiff_t count,
                             const int careful) {
  // Loops whose length the compiler knows.
  switch (taps) {
    case 2: return pool_taps_maximum(input, row_stride, 2, to, count, careful);
    case 3: return pool_taps_maximum(input, row_stride, 3, to, count, careful);
    case 5: return pool_taps_maximum(input, row_stride, 5, to, count, careful);
    default: return pool_taps_maximum(input, row_stride, taps, to, count, careful);
  }
}

INLINE void pool_rows_sum(const float *const input, ptrdiff_t row_stride, ptrdiff_t taps, float *to, ptrdiff_t count) {
  for (ptrdiff_t i = 0; i < count; i += LANES) {
    const int part = (int)(count - i < LANES ? count - i : LANES);
    const float *from = input + i;
    vec sum = part == LANES ? load(from) : load_part(from, part);
    for (ptrdiff_t tap = 1; tap < taps; tap++) {
      from += row_stride;
      sum += part == LANES ? load(from) : load_part(from, part);
    }
    if (part == LANES) {
      store(to + i, sum);
    } else {
      store_part(to + i, sum, part);
    }
  }
}

// Deals a row out into `stride` rows: every stride-th element together.
INLINE void split_phases(const float *row, ptrdiff_t count, ptrdiff_t stride, float *phases, ptrdiff_t phase_length) {
  if (stride == 2) {
    float *even = phases, *odd = phases + phase_length;
    for (ptrdiff_t i = 0; 2 * i < count; i += LANES) {
      vec a = load(row + 2 * i), b = load(row + 2 * i + LANES);
      store(even + i, even_lanes(a, b));
      store(odd + i, odd_lanes(a, b));
    }
    return;
  }
  if (stride == 3) return deinterleave(row, phases, phase_length, 3, (count + 2) / 3);
  if (stride == 4) return deinterleave(row, phases, phase_length, 4, (count + 3) / 4);
  for (ptrdiff_t phase = 0; phase < stride; phase++) {
    float *to = phases + phase * phase_length;
    ptrdiff_t i = 0;
    for (ptrdiff_t at = phase; at < count; at += stride) to[i++] = row[at];
  }
}

enum pooling_mode { pooling_maximum, pooling_careful_maximum, pooling_average };

// Where the elements of a window are among the phases, relative to its first.
enum { pooling_offsets_max = 64 };

INLINE vec pool_combine(vec total, vec x, const enum pooling_mode mode) {
  if (mode == pooling_average) return total + x;
  if (mode == pooling_maximum) return larger(x, total);
  return larger_or_nan(x, total);
}

// The windows of one row of column results. Writes whole vectors but for the last.
INLINE void pool_columns_of(const struct pooling_line *line, const float *phases, ptrdiff_t phase_length,
                            const ptrdiff_t *offsets, const ptrdiff_t size, float *to, const enum pooling_mode mode,
                            const float *divisors, float row_divisor) {
  for (ptrdiff_t j = 0; j < line->output; j += LANES) {
    const int part = (int)(line->output - j < LANES ? line->output - j : LANES);
    vec total = load(phases + j);
    const ptrdiff_t near = size < pooling_offsets_max ? size : pooling_offsets_max;
    for (ptrdiff_t tap = 1; tap < near; tap++) total = pool_combine(total, load(phases + offsets[tap] + j), mode);
    for (ptrdiff_t tap = near; tap < size; tap++) {
      const ptrdiff_t at = tap * line->dilation;
      const float *from = phases + at % line->stride * phase_length + at / line->stride;
      total = pool_combine(total, load(from + j), mode);
    }
    if (mode == pooling_average) {
      vec divisor = part == LANES ? load(divisors + j) : load_part(divisors + j, part);
      total = total / (divisor * row_divisor);
    }
    if (part == LANES) {
      store(to + j, total);
    } else {
      store_part(to + j, total, part);
    }
  }
}

INLINE void pool_columns(const struct pooling_line *line, const float *phases, ptrdiff_t phase_length,
                         const ptrdiff_t *offsets, float *to, const enum pooling_mode mode, const float *divisors,
                         float row_divisor) {
#define POOL_COLUMNS(size) pool_columns_of(line, phases, phase_length, offsets, size, to, mode, divisors, row_divisor)
  switch (line->size) {
    case 2: POOL_COLUMNS(2); break;
    case 3: POOL_COLUMNS(3); break;
    case 5: POOL_COLUMNS(5); break;
    default: POOL_COLUMNS(line->size);
  }
#undef POOL_COLUMNS
}

static ptrdiff_t first_tap(const struct pooling_line *line, ptrdiff_t start) {
  return start < 0 ? (-start + line->dilation - 1) / line->dilation : 0;
}
static ptrdiff_t end_tap(const struct pooling_line *line, ptrdiff_t start, ptrdiff_t limit) {
  const ptrdiff_t end = start < limit ? (limit - start + line->dilation - 1) / line->dilation : 0;
  return end < line->size ? end : line->size;
}

static void pool_run(const struct pooling_job *job) {
  const struct pooling_line *rows = &job->rows, *columns = &job->columns;
  const ptrdiff_t width = columns->input;
  const ptrdiff_t reach = (columns->output - 1) * columns->stride + (columns->size - 1) * columns->dilation + 1;
  const ptrdiff_t padded = reach > columns->before + width ? reach : columns->before + width;
  const ptrdiff_t phase_length = padded / columns->stride + 1 + 64;
  const float outside = job->averages ? 0 : -INFINITY;
  float *const row = job->scratch;
  float *const phases = columns->stride == 1 ? row : row + padded + 64;
  float *const middle = row + columns->before;
  for (ptrdiff_t i = 0; i < columns->before; i++) row[i] = outside;
  for (ptrdiff_t i = columns->before + width; i < padded + 64; i++) row[i] = outside;
  const int pairs = columns->size == 2 && columns->stride == 2 && columns->dilation == 1 && columns->before == 0 &&
                    rows->size == 2 && rows->dilation == 1 && columns->output * 2 <= width;
  const int neighbours = !job->averages && columns->size == 3 && columns->stride == 1 && columns->dilation == 1 &&
                         columns->before == 1 && columns->output == width && rows->size <= 3;
  const int triples = !job->averages && columns->size == 3 && columns->stride == 2 && columns->dilation == 1 &&
                      columns->before == 1 && rows->size <= 3;

  ptrdiff_t offsets[pooling_offsets_max];
  for (ptrdiff_t tap = 0; tap < columns->size && tap < pooling_offsets_max; tap++) {
    const ptrdiff_t at = tap * columns->dilation;
    offsets[tap] = at % columns->stride * phase_length + at / columns->stride;
  }

  for (ptrdiff_t i = job->first; i < job->end; i++) {
    const ptrdiff_t start = i * rows->stride - rows->before;
    const ptrdiff_t first = first_tap(rows, start), end = end_tap(rows, start, rows->input);
    float *to = job->output + i * columns->output;
    if (end <= first) {
      // The window stands wholly in the padding.
      for (ptrdiff_t x = 0; x < width; x++) middle[x] = outside;
    }
    const float *from = job->input + (start + first * rows->dilation) * width;
    const ptrdiff_t step = rows->dilation * width;
    if (!job->averages) {
      if (triples && end > first) {
        // A row twice changes nothing.
        const float *middle_row = end - first > 1 ? from + step : from, *last = from + (end - first - 1) * step;
        if (!pool_triples(from, middle_row, last, width, to, columns->output)) continue;
      }
      if (neighbours && end > first) {
        const float *middle_row = end - first > 1 ? from + step : from, *last = from + (end - first - 1) * step;
        if (!pool_neighbours(from, middle_row, last, width, to)) continue;
      }
      if (pairs && end - first == 2) {
        const ptrdiff_t done = pool_pairs(from, from + width, to, columns->output, 0);
        if (done >= 0) {
          for (ptrdiff_t j = done; j < columns->output; j++) {
            const float *at = from + 2 * j;
            float best = at[0];
            for (int tap = 1; tap < 4; tap++) {
              const float x = at[(tap & 1) + (tap >> 1) * width];
              if (x > best || x != x) best = x;
              if (best != best) break;
            }
            to[j] = best;
          }
          continue;
        }
      }
      int odd = 0;
      if (end > first) odd = pool_rows_maximum(from, step, end - first, middle, width, 0);
      if (odd) pool_rows_maximum(from, step, end - first, middle, width, 1);
      if (phases != row) split_phases(row, padded, columns->stride, phases, phase_length);
      if (odd) {
        pool_columns(columns, phases, phase_length, offsets, to, pooling_careful_maximum, NULL, 0);
      } else {
        pool_columns(columns, phases, phase_length, offsets, to, pooling_maximum, NULL, 0);
      }
    } else {
      if (pairs && end - first == 2) {
        ptrdiff_t j = pool_pairs(from, from + width, to, columns->output, 1);
        for (; j < columns->output; j++) {
          const float *at = from + 2 * j;
          const float left = at[0] + at[width], right = at[1] + at[width + 1];
          to[j] = (left + right) * 0.25f;
        }
        continue;
      }
      if (end > first) pool_rows_sum(from, step, end - first, middle, width);
      if (phases != row) split_phases(row, padded, columns->stride, phases, phase_length);
      const ptrdiff_t counted = job->counts_padding ? end_tap(rows, start, rows->input + rows->after) : end - first;
      pool_columns(columns, phases, phase_length, offsets, to, pooling_average, job->column_divisors, (float)counted);
    }
  }
}
