#ifndef CONVO_CONVOLUTION_KERNELS_H
#define CONVO_CONVOLUTION_KERNELS_H

#include <stddef.h>
#include <stdint.h>


// What happens to a sum on its way to memory: bias, residual, activation.
enum store_activation { store_plain = 0, store_clip = 1, store_leaky = 2 };

struct store_rule {
  int32_t activation;  // enum store_activation
  float low, high;     // clip: the bounds; leaky: `low` is the slope below 0
};

// The most output channels one call of `flat` computes together.
enum { flat_channels_max = 8 };

// Pixels in the lanes, weights broadcast: up to 8 output channels of `rows` × `columns` pixels.
//
//     output[m, row, column] = store(initial[m] + Σ weight[m, t] · input[row, column + offset[t]])
//
// Rows of pixels are contiguous; a stride of the convolution is already hidden in the layout of `input`.
struct flat_job {
  const float *input;
  ptrdiff_t input_row_stride;
  const int32_t *offsets;  // one for each step of the sum, in floats
  int32_t steps;
  int32_t channels;  // 1 ... flat_channels_max
  const float *weight;
  ptrdiff_t weight_channel_stride;
  const float *bias;  // one for each channel; NULL is 0
  float *output;
  ptrdiff_t output_channel_stride, output_row_stride;
  int32_t rows, columns;
  const float *residual;  // laid out as `output`, added before the activation
  int32_t accumulates;              // starts from `output` instead of the bias
  int32_t finishes;                 // applies residual and activation
  struct store_rule rule;
};

// Copies rows of a picture into scratch, with zeros where the picture has no pixel, keeping every `column_step`-th column.
//
//     output[c, i, j] = input[c, first_row + i·row_step, first_column + j·column_step], 0 outside
struct band_job {
  const float *input;
  ptrdiff_t input_channel_stride, input_row_stride;
  ptrdiff_t height, width;  // of the picture
  ptrdiff_t first_row, row_step, first_column, column_step;
  ptrdiff_t channels, rows, columns;  // of the copy
  float *output;
  ptrdiff_t output_channel_stride, output_row_stride;
};

struct convolution_kernels {
  void (*flat)(const struct flat_job *job);
  void (*band)(const struct band_job *job);
  // Output channels that are computed together where there are enough.
  int32_t flat_channels;
  // The vectors of pixels in the tile for 1 ... flat_channels_max channels.
  int8_t flat_vectors[flat_channels_max];
};


#endif
