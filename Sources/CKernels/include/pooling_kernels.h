#ifndef CONVO_POOLING_KERNELS_H
#define CONVO_POOLING_KERNELS_H

#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

// One direction of a window over a picture.
struct pooling_line {
  ptrdiff_t input, output;    // extents
  ptrdiff_t size;             // elements the window looks at
  ptrdiff_t stride, dilation;
  ptrdiff_t before;           // padding in front
  ptrdiff_t after;            // padding behind; what lies beyond it overhangs
};

// Some output rows of one plane. The window is split: rows are combined column by column into `scratch`, then the
// columns of that.
struct pooling_job {
  struct pooling_line rows, columns;
  const float *input;            // the whole plane
  float *output;                 // the whole plane
  ptrdiff_t first, end;          // output rows
  float *scratch;                // pooling_scratch floats
  const float *column_divisors;  // average: how many columns count at each place
  int32_t averages;
  int32_t counts_padding;
};

struct pooling_kernels {
  void (*pool)(const struct pooling_job *job);
};

// The floats of scratch for a row of windows: one padded row, and its elements again, those of each step of the stride
// together; 64 more behind each for whole vectors.
static inline ptrdiff_t pooling_scratch(struct pooling_line columns) {
  const ptrdiff_t reach = (columns.output - 1) * columns.stride + (columns.size - 1) * columns.dilation + 1;
  const ptrdiff_t padded = reach > columns.before + columns.input ? reach : columns.before + columns.input;
  const ptrdiff_t phase = padded / columns.stride + 1 + 64;
  return padded + 64 + columns.stride * phase;
}

#pragma clang assume_nonnull end

#endif
