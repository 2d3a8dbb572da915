#include "cpng.h"

#include <string.h>
#include <zlib.h>

// Each row as its difference from the mean of the pixel to the left and the one above. Measured on photographs, this
// filter alone is as good as libpng's choice among all five, which takes 5 ms longer for 512×380 pixels.
static void filter_row(const uint8_t *restrict row, const uint8_t *restrict above, size_t count, size_t pixel,
                       uint8_t *restrict output) {
  *output++ = 3;
  if (above) {
    for (size_t i = 0; i < pixel; i++) output[i] = row[i] - above[i] / 2;
    for (size_t i = pixel; i < count; i++) output[i] = row[i] - (row[i - pixel] + above[i]) / 2;
  } else {
    for (size_t i = 0; i < pixel; i++) output[i] = row[i];
    for (size_t i = pixel; i < count; i++) output[i] = row[i] - row[i - pixel] / 2;
  }
}

size_t cpng_strip_bound(size_t row_bytes, size_t row_count) {
  // zlib's bound for settings other than its own, and the empty block that ends a strip.
  size_t count = (row_bytes + 1) * row_count;
  return count + count / 8 + count / 64 + 64;
}

size_t cpng_compress_strip(const uint8_t *rows, const uint8_t *above, size_t row_bytes, size_t row_count,
                           int channels, bool is_last, uint8_t *filtered, uint8_t *output, size_t capacity,
                           uint32_t *checksum) {
  for (size_t row = 0; row < row_count; row++) {
    filter_row(rows + row * row_bytes, above, row_bytes, (size_t)channels, filtered + row * (row_bytes + 1));
    above = rows + row * row_bytes;
  }
  size_t count = row_count * (row_bytes + 1);
  *checksum = (uint32_t)adler32_z(1, filtered, count);

  // Raw deflate, so that strips follow one another. Run lengths only: searching for more costs half as much time
  // again and saves a tenth of the bytes.
  z_stream stream = {0};
  if (deflateInit2(&stream, 1, Z_DEFLATED, -15, 9, Z_RLE) != Z_OK) return 0;
  size_t taken = 0, given = 0;
  const size_t most = (size_t)1 << 30;
  int status = Z_OK;
  do {
    // zlib counts with 32 bits.
    stream.next_in = filtered + taken;
    stream.avail_in = (uInt)(count - taken < most ? count - taken : most);
    stream.next_out = output + given;
    stream.avail_out = (uInt)(capacity - given < most ? capacity - given : most);
    size_t input = stream.avail_in, room = stream.avail_out;
    status = deflate(&stream, count - taken > most ? Z_NO_FLUSH : is_last ? Z_FINISH : Z_SYNC_FLUSH);
    taken += input - stream.avail_in;
    given += room - stream.avail_out;
  } while (status == Z_OK && (taken < count || stream.avail_out == 0));
  deflateEnd(&stream);
  return taken == count && status == (is_last ? Z_STREAM_END : Z_OK) ? given : 0;
}

uint32_t cpng_join_checksums(uint32_t first, uint32_t second, size_t second_count) {
  return (uint32_t)adler32_combine(first, second, (z_off_t)second_count);
}
