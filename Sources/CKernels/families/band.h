// Copies a band of a picture into scratch, where padding is zeros and a stride has become phases.

// Every `step`-th float; a constant step lets the compiler use shuffles.
INLINE void copy_every(float *restrict to, const float *restrict from, const ptrdiff_t step, ptrdiff_t count) {
  for (ptrdiff_t i = 0; i < count; i++) to[i] = from[i * step];
}

// Every second or fourth float by shuffles of whole vectors.
INLINE void copy_pairs(float *to, const float *from, ptrdiff_t count) {
  ptrdiff_t i = 0;
  vec even, odd;
  // The last float of the vectors that are loaded lies behind the last one that is wanted.
  for (; i + LANES < count; i += LANES) {
    split_pairs(load(from + 2 * i), load(from + 2 * i + LANES), &even, &odd);
    store(to + i, even);
  }
  copy_every(to + i, from + 2 * i, 2, count - i);
}

INLINE void copy_fours(float *to, const float *from, ptrdiff_t count) {
  ptrdiff_t i = 0;
  vec first, second, even, odd;
  for (; i + LANES < count; i += LANES) {
    const float *at = from + 4 * i;
    split_pairs(load(at), load(at + LANES), &first, &odd);
    split_pairs(load(at + 2 * LANES), load(at + 3 * LANES), &second, &odd);
    split_pairs(first, second, &even, &odd);
    store(to + i, even);
  }
  copy_every(to + i, from + 4 * i, 4, count - i);
}

INLINE void band_row(float *to, const float *from, ptrdiff_t step, ptrdiff_t count) {
  switch (step) {
    case 1: memcpy(to, from, (size_t)count * sizeof(float)); break;
    case 2: copy_pairs(to, from, count); break;
    case 3: copy_every(to, from, 3, count); break;
    case 4: copy_fours(to, from, count); break;
    default: copy_every(to, from, step, count);
  }
}

// The columns before, inside and behind the picture.
struct band_columns {
  ptrdiff_t before, inside, behind;
};

INLINE struct band_columns band_columns(const struct band_job *job) {
  const ptrdiff_t step = job->column_step;
  ptrdiff_t first = job->first_column < 0 ? (-job->first_column + step - 1) / step : 0;
  ptrdiff_t end = job->width > job->first_column ? (job->width - job->first_column + step - 1) / step : 0;
  if (first > job->columns) first = job->columns;
  if (end > job->columns) end = job->columns;
  if (end < first) end = first;
  return (struct band_columns){first, end - first, job->columns - end};
}

static void band(const struct band_job *job) {
  const struct band_columns columns = band_columns(job);
  for (ptrdiff_t c = 0; c < job->channels; c++) {
    for (ptrdiff_t i = 0; i < job->rows; i++) {
      const ptrdiff_t y = job->first_row + i * job->row_step;
      float *to = job->output + c * job->output_channel_stride + i * job->output_row_stride;
      if (y < 0 || y >= job->height || columns.inside == 0) {
        memset(to, 0, (size_t)job->columns * sizeof(float));
        continue;
      }
      const float *from = job->input + c * job->input_channel_stride + y * job->input_row_stride + job->first_column +
                          columns.before * job->column_step;
      for (ptrdiff_t j = 0; j < columns.before; j++) to[j] = 0;
      band_row(to + columns.before, from, job->column_step, columns.inside);
      for (ptrdiff_t j = job->columns - columns.behind; j < job->columns; j++) to[j] = 0;
    }
  }
}

INLINE void spread_row(float *restrict to, const float *restrict from, const ptrdiff_t step, ptrdiff_t count) {
  for (ptrdiff_t i = 0; i < count; i++) to[i * step] = from[i];
}

static void spread_columns(const struct spread_job *job) {
  for (ptrdiff_t y = 0; y < job->rows; y++) {
    const float *from = job->input + y * job->input_row_stride;
    float *to = job->output + y * job->output_row_stride;
    switch (job->step) {
      case 1: memcpy(to, from, (size_t)job->columns * sizeof(float)); break;
      case 2: spread_row(to, from, 2, job->columns); break;
      default: spread_row(to, from, job->step, job->columns);
    }
  }
}
