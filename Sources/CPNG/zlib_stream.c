#define _GNU_SOURCE
#include "cpng.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>
#include <zlib.h>

uint32_t cpng_crc32(uint32_t before, const uint8_t *bytes, size_t count) {
  return bytes ? (uint32_t)crc32_z(before, bytes, count) : before;
}

size_t cpng_zlib_bound(size_t count) { return compressBound(count); }

size_t cpng_zlib_compress(const uint8_t *bytes, size_t count, uint8_t *output, size_t capacity) {
  uLongf size = capacity;
  return compress2(output, &size, bytes, count, Z_BEST_SPEED) == Z_OK ? size : 0;
}

struct cpng_inflater {
  z_stream stream;
  bool is_between;
};

cpng_inflater *cpng_inflater_create(void) {
  cpng_inflater *inflater = calloc(1, sizeof *inflater);
  // 16: a gzip header and its checksum, 15: any window.
  if (inflater && inflateInit2(&inflater->stream, 16 + 15) != Z_OK) {
    free(inflater);
    return NULL;
  }
  return inflater;
}

int cpng_inflate(cpng_inflater *inflater, const void *input, size_t input_count, ptrdiff_t *consumed, void *output,
                 size_t output_count, ptrdiff_t *produced) {
  z_stream *stream = &inflater->stream;
  if (inflater->is_between) {
    inflateReset(stream);
    inflater->is_between = false;
  }
  stream->next_in = (Bytef *)input;
  stream->avail_in = (uInt)input_count;
  stream->next_out = output;
  stream->avail_out = (uInt)output_count;
  const int status = inflate(stream, Z_NO_FLUSH);
  *consumed = (ptrdiff_t)(input_count - stream->avail_in);
  *produced = (ptrdiff_t)(output_count - stream->avail_out);
  if (status == Z_STREAM_END) {
    inflater->is_between = true;
    return 1;
  }
  return status == Z_OK || status == Z_BUF_ERROR ? 0 : -1;
}

void cpng_inflater_destroy(cpng_inflater *inflater) {
  inflateEnd(&inflater->stream);
  free(inflater);
}

int cpng_unnamed_file(void) {
#ifdef __linux__
  const int descriptor = memfd_create("convo", MFD_CLOEXEC);
  if (descriptor >= 0) return descriptor;
#endif
  char path[] = "/tmp/convo-XXXXXX";
  const int file = mkstemp(path);
  if (file >= 0) {
    unlink(path);
    fcntl(file, F_SETFD, FD_CLOEXEC);
  }
  return file;
}
