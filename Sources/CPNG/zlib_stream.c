#include "cpng.h"

#include <zlib.h>

uint32_t cpng_crc32(uint32_t before, const uint8_t *bytes, size_t count) {
  return bytes ? (uint32_t)crc32_z(before, bytes, count) : before;
}

size_t cpng_zlib_bound(size_t count) { return compressBound(count); }

size_t cpng_zlib_compress(const uint8_t *bytes, size_t count, uint8_t *output, size_t capacity) {
  uLongf size = capacity;
  return compress2(output, &size, bytes, count, Z_BEST_SPEED) == Z_OK ? size : 0;
}
