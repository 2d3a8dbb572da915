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
  // Floats between two channels; where `flat_splats`, between two steps, each of which holds `lanes` copies of the weight of
  // every channel.
  ptrdiff_t weight_stride;
  const float *bias;  // one for each channel; NULL is 0
  float *output;
  ptrdiff_t output_channel_stride, output_row_stride;
  int32_t rows, columns;
  const float *residual;  // laid out as `output`, added before the activation
  int32_t accumulates;              // adds to `output` instead of the bias
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
  ptrdiff_t output_phase_stride;  // of `band_phases`
};

// The most vectors of output channels one call of `panel` computes together.
enum { panel_vectors_max = 2 };

// Output channels in the lanes, pixels broadcast: `vectors` · lanes channels of `rows` × `columns` pixels.
//
//     output[v][row][column][lane] (+)= Σ input[block][row][column + offset[tap]][channel] · weight[block][tap][channel][v][lane]
//
// A pixel holds `lanes` channels of one block, side by side; pixels of a row follow one another.
struct panel_job {
  const float *input;
  ptrdiff_t input_block_stride, input_row_stride;
  const int32_t *offsets;  // one for each tap, in floats
  int32_t taps;
  int32_t first_tap, end_tap;  // those that are not sure to meet padding only
  int32_t blocks;       // of input channels
  int32_t last_lanes;   // channels in the last block
  const float *weight;  // packed; the last block holds `last_lanes` channels only
  float *output;
  ptrdiff_t output_block_stride, output_row_stride;
  int32_t rows, columns, vectors;
  int32_t accumulates;  // adds the finished sums to `output`
};

// Brings up to `lanes` channels of a picture into pixels that hold them side by side, with zeros outside the picture
// and for missing channels. Column `j` lands in phase `j % column_step` at place `j ÷ column_step`.
struct block_job {
  const float *input;
  ptrdiff_t input_channel_stride, input_row_stride;
  ptrdiff_t height, width;  // of the picture
  ptrdiff_t first_row, row_step, first_column, column_step;
  ptrdiff_t channels, rows, columns;  // of the copy; columns before they are divided into phases
  float *output;
  ptrdiff_t output_row_stride, output_phase_stride, output_pixel_stride;
};

// The way back: pixels of `lanes` channels into planes, through bias, residual and activation.
struct unblock_job {
  const float *input;
  ptrdiff_t input_row_stride, input_pixel_stride;
  int32_t channels, rows, columns;
  const float *bias;
  const float *residual;
  float *output;
  ptrdiff_t output_channel_stride, output_row_stride;
  struct store_rule rule;
};

// One of Winograd's transforms, `lanes` channels at once: of pixels into positions, of positions into pixels, or of the
// taps of one input channel after the other into positions.
struct winograd_job {
  const float *input;
  ptrdiff_t input_row_stride, input_column_stride, input_tile_stride;
  float *output;
  ptrdiff_t output_row_stride, output_column_stride, output_tile_stride;
  int32_t tiles;
};

// The transforms of one of Winograd's forms.
struct winograd_transforms {
  void (*input)(const struct winograd_job *job);
  void (*weight)(const struct winograd_job *job);
  // Returns whether a sum is not finite, so that the tiles must be computed another way.
  int (*output)(const struct winograd_job *job);
};

// Puts rows `[channel][tap]` of `lanes` weights into the order `[block][tap][channel]` of `panel`.
struct panel_weight_job {
  const float *input;
  int32_t channels, taps;
  int32_t across;  // taps in a row of the window where the order goes down its columns; 0 where it is as it is
  float *output;
  ptrdiff_t output_row_stride;
};

// Depthwise convolution of whole planes with a square window of 3, 5 or 7 and a step of 1 or 2.
//
// Some rows of output of several channels; `scratch` holds a padded band of one plane at a time.
struct depthwise_job {
  const float *input;
  ptrdiff_t input_channel_stride, height, width;
  const float *weight, *bias;
  float *output;
  ptrdiff_t output_channel_stride;
  const float *residual;
  int32_t channels, first_row, rows, columns;  // of the output
  int32_t window, step, top, left;
  float *scratch;
  ptrdiff_t pitch;  // floats of a row of one phase in scratch
  struct store_rule rule;
};

// Depthwise convolution of pixels that hold `lanes` channels side by side, as `block` makes them.
//
//     output[row][column][lane] = Σ input[row][column · column_step + offset[tap]][lane] · weight[tap][lane]
struct channelwise_job {
  const float *input;
  ptrdiff_t input_row_stride;  // between the rows of output
  const int32_t *offsets;      // one for each tap, in floats
  int32_t taps;
  int32_t across;       // taps in a row of the window where a row of output lies one such row below the last; else 0
  int32_t column_step;  // in pixels
  const float *weight;
  float *output;  // contiguous
  int32_t rows, columns;
};

// Spreads rows over an output of which they are every `step`-th column.
struct spread_job {
  const float *input;
  ptrdiff_t input_row_stride;
  float *output;
  ptrdiff_t output_row_stride, step, rows, columns;
};

struct convolution_kernels {
  void (*spread)(const struct spread_job *job);
  void (*depthwise)(const struct depthwise_job *job);
  void (*channelwise)(const struct channelwise_job *job);
  void (*panel_weight)(const struct panel_weight_job *job);
  void (*panel)(const struct panel_job *job);
  void (*block)(const struct block_job *job);
  void (*unblock)(const struct unblock_job *job);
  // F(4×4) and F(2×2) of 3×3 taps, F(3×3) of 4×4, F(2×2) of 5×5, F(2×2) of 3×3 with outputs two pixels apart.
  struct winograd_transforms winograd4, winograd2, winograd3, winograd2_of5, winograd2_step2;
  // Along one axis: only the strides of columns and tiles count.
  struct winograd_transforms winograd4_row, winograd3_row, winograd2_of5_row;
  // Pixels in one tile of `panel`.
  int32_t panel_pixels;
  void (*flat)(const struct flat_job *job);
  void (*band)(const struct band_job *job);
  // All phases of a step of 2, 3 or 4: output[phase][c, i, j] = input[c, …, first_column + phase + j · column_step]
  void (*band_phases)(const struct band_job *job);
  // Whether `flat` reads weights as vectors of copies.
  int32_t flat_splats;
  // Output channels that are computed together where there are enough.
  int32_t flat_channels;
  // The vectors of pixels in the tile for 1 ... flat_channels_max channels.
  int8_t flat_vectors[flat_channels_max];
};


#endif
