// libwebp, loaded when the first WebP picture is opened. Its few functions are declared here, so that a build needs no
// header of it.
#ifndef CONVO_CWEBP_H
#define CONVO_CWEBP_H

#include <stddef.h>
#include <stdint.h>

/// The version of the interface that the declarations below are of.
#define CWEBP_DECODER_ABI 0x0209

/// What the header of a picture says (`WebPBitstreamFeatures`).
typedef struct {
  int width, height;
  int has_alpha;
  int has_animation;
  int format;
  uint32_t pad[5];
} cwebp_features;

/// The functions of libwebp that reading needs.
typedef struct {
  /// Reads the header; 0 for success (`WebPGetFeaturesInternal`).
  int (*get_features)(const uint8_t *bytes, size_t count, cwebp_features *features, int abi);
  /// Decodes into rows `stride` bytes apart; NULL for damage (`WebPDecodeRGBInto`, `WebPDecodeRGBAInto`).
  uint8_t *(*decode_rgb)(const uint8_t *bytes, size_t count, uint8_t *output, size_t output_count, int stride);
  uint8_t *(*decode_rgba)(const uint8_t *bytes, size_t count, uint8_t *output, size_t output_count, int stride);
} cwebp_library;

/// The library, or NULL if it is not installed. The first call loads it; threads may call at the same time.
const cwebp_library *cwebp_load(void);

#endif
