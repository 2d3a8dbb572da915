#ifndef CONVO_IMAGE_KERNELS_H
#define CONVO_IMAGE_KERNELS_H

#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

// What one look at a stretch of numbers tells; NaN and infinities are only counted.
struct stretch {
  float minimum, maximum;  // ∞ and −∞ if none is finite
  double sum;
  ptrdiff_t odd;
};

struct image_kernels {
  // output[j] = input[first[j]]
  void (*pick)(const float *input, const int32_t *first, float *output, ptrdiff_t count);
  // output[j] = (1 − shares[j]) · input[first[j]] + shares[j] · input[second[j]]
  void (*blend_columns)(const float *input, const int32_t *first, const int32_t *second, const float *shares,
                        float *output, ptrdiff_t count);
  // The same for pixels of 3 or 4 neighbouring floats: one place and one share for each of `count` pixels, from a row of
  // `width` pixels.
  void (*pick_pixels)(const float *input, ptrdiff_t width, const int32_t *first, int32_t depth, float *output,
                      ptrdiff_t count);
  void (*blend_pixels)(const float *input, ptrdiff_t width, const int32_t *first, const int32_t *second,
                       const float *shares, int32_t depth, float *output, ptrdiff_t count);
  // output[i] = (1 − share) · top[i] + share · bottom[i]
  void (*blend_rows)(const float *top, const float *bottom, float share, float *output, ptrdiff_t count);
  // output[j · depth + c] = Σ weights[j · taps + k] · input[(first[j] + k) · depth + c] for k below counts[j], from a row
  // of `width` pixels; what has no weight does not count, whatever it is.
  void (*weigh_columns)(const float *input, ptrdiff_t width, const int32_t *first, const int32_t *counts,
                        const float *weights, int32_t taps, int32_t depth, float *output, ptrdiff_t count);
  // output[i] = Σ weights[k] · input[k · stride + i] for k below taps
  void (*weigh_rows)(const float *input, ptrdiff_t stride, const float *weights, int32_t taps, float *output,
                     ptrdiff_t count);
  // The same on levels of 0…255 with weights in units of 2⁻²², in whole numbers, rounded to levels again.
  void (*weigh_level_columns)(const float *input, ptrdiff_t width, const int32_t *first, const int32_t *counts,
                              const int32_t *weights, int32_t taps, int32_t depth, float *output, ptrdiff_t count);
  void (*weigh_level_rows)(const float *input, ptrdiff_t stride, const int32_t *weights, int32_t taps, float *output,
                           ptrdiff_t count);
  // The nearest whole numbers of 0…255, halves up.
  void (*round_levels)(float *levels, ptrdiff_t count);
  // Whether all numbers are whole ones of 0…255.
  int32_t (*are_levels)(const float *input, ptrdiff_t count);
  // Range, sum and the count of what is not finite.
  struct stretch (*scan)(const float *input, ptrdiff_t count);
  // Counts finite numbers in `bins` bins of 1 / scale from `low`, others in one more; returns the sum of squared
  // differences to `mean`.
  double (*tally)(const float *input, ptrdiff_t count, double mean, double low, double scale, int64_t *counts,
                  int32_t bins);
};

#pragma clang assume_nonnull end

#endif
