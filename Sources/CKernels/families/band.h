// Copies a band of a picture into scratch, where padding is zeros and a stride has become phases.

// Every `step`-th float; a constant step lets the compiler use shuffles.
INLINE void copy_every(float *restrict to, const float *restrict from, const ptrdiff_t step, ptrdiff_t count) {
  for (ptrdiff_t i = 0; i < count; i++) to[i] = from[i * step];
}

INLINE void copy_line(float *to, const float *from, ptrdiff_t count) {
  ptrdiff_t i = 0;
  for (; i + LANES <= count; i += LANES) store(to + i, load(from + i));
  if (i < count) store_part(to + i, load_part(from + i, (int)(count - i)), (int)(count - i));
}

INLINE void band_row(float *to, const float *from, ptrdiff_t step, ptrdiff_t count) {
  switch (step) {
    case 1: copy_line(to, from, count); break;
    case 2: copy_every(to, from, 2, count); break;
    case 3: copy_every(to, from, 3, count); break;
    default: copy_every(to, from, step, count);
  }
}

// Every third float of three neighbouring vectors.
INLINE void split_threes(const vec from[3], vec phases[4]) {
#if LANES == 16
  // Of the first two vectors, then of those and the third.
  const __m512i ramp = _mm512_setr_epi32(0, 3, 6, 9, 12, 15, 18, 21, 24, 27, 30, 33, 36, 39, 42, 45);
  UNROLLED for (int p = 0; p < 3; p++) {
    const __m512i place = _mm512_add_epi32(ramp, _mm512_set1_epi32(p));
    const __mmask16 behind = _mm512_cmpge_epi32_mask(place, _mm512_set1_epi32(32));
    const __m512 first = _mm512_permutex2var_ps((__m512)from[0], place, (__m512)from[1]);
    phases[p] = (vec)_mm512_mask_permutexvar_ps(first, behind, _mm512_sub_epi32(place, _mm512_set1_epi32(32)), (__m512)from[2]);
  }
#else
  float lanes[3 * LANES];
  UNROLLED for (int v = 0; v < 3; v++) store(lanes + v * LANES, from[v]);
  UNROLLED for (int p = 0; p < 3; p++) UNROLLED for (int i = 0; i < LANES; i++) phases[p][i] = lanes[3 * i + p];
#endif
}

// All phases of a row at once: every vector is read once and every phase written in whole vectors. Phase p holds columns
// first_column + p, first_column + p + step, …, `columns` of them.
INLINE void split_row(const struct band_job *job, const int step, const float *row, float *to) {
  const ptrdiff_t columns = job->columns, apart = job->output_phase_stride;
  for (ptrdiff_t i = 0; i < columns; i += LANES) {
    const ptrdiff_t at = job->first_column + i * step;
    vec phases[4];
    if (step == 2) {
      split_pairs(load_inside(row, at, job->width), load_inside(row, at + LANES, job->width), &phases[0], &phases[1]);
    } else if (step == 3) {
      vec parts[3];
      UNROLLED for (int v = 0; v < 3; v++) parts[v] = load_inside(row, at + v * LANES, job->width);
      split_threes(parts, phases);
    } else {
      vec even[2], odd[2];
      UNROLLED for (int h = 0; h < 2; h++) {
        const ptrdiff_t half = at + 2 * h * LANES;
        split_pairs(load_inside(row, half, job->width), load_inside(row, half + LANES, job->width), &even[h], &odd[h]);
      }
      split_pairs(even[0], even[1], &phases[0], &phases[2]);
      split_pairs(odd[0], odd[1], &phases[1], &phases[3]);
    }
    const ptrdiff_t left = columns - i;
    UNROLLED for (int p = 0; p < step; p++) {
      if (left >= LANES) store(to + p * apart + i, phases[p]);
      else store_part(to + p * apart + i, phases[p], (int)left);
    }
  }
}

static void band_phases(const struct band_job *job) {
  for (ptrdiff_t c = 0; c < job->channels; c++) {
    for (ptrdiff_t i = 0; i < job->rows; i++) {
      const ptrdiff_t y = job->first_row + i * job->row_step;
      float *to = job->output + c * job->output_channel_stride + i * job->output_row_stride;
      if (y < 0 || y >= job->height) {
        for (ptrdiff_t p = 0; p < job->column_step; p++) {
          memset(to + p * job->output_phase_stride, 0, (size_t)job->columns * sizeof(float));
        }
        continue;
      }
      const float *row = job->input + c * job->input_channel_stride + y * job->input_row_stride;
      switch (job->column_step) {
        case 2: split_row(job, 2, row, to); break;
        case 3: split_row(job, 3, row, to); break;
        default: split_row(job, 4, row, to);
      }
    }
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
