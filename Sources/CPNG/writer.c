#include "cpng.h"

#include <errno.h>
#include "../SystemPNG/shim.h"
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct cpng_writer {
  png_structp png;
  png_infop info;
  int descriptor, error_number;
  size_t held;
  char message[128];
  uint8_t buffer[64 * 1024];
};

static void on_error(png_structp png, png_const_charp text) {
  cpng_writer *writer = png_get_error_ptr(png);
  strncpy(writer->message, text, sizeof writer->message - 1);
  png_longjmp(png, 1);
}

static void on_warning(png_structp png, png_const_charp text) {
  (void)png;
  (void)text;
}

static void write_all(png_structp png, const uint8_t *bytes, size_t count) {
  cpng_writer *writer = png_get_io_ptr(png);
  while (count > 0) {
    ssize_t written = write(writer->descriptor, bytes, count);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) {
      writer->error_number = written < 0 ? errno : EIO;
      png_error(png, "cannot write");
    }
    bytes += written;
    count -= (size_t)written;
  }
}

static void flush(png_structp png) {
  cpng_writer *writer = png_get_io_ptr(png);
  size_t held = writer->held;
  writer->held = 0;
  write_all(png, writer->buffer, held);
}

static void hold_bytes(png_structp png, png_bytep bytes, size_t count) {
  cpng_writer *writer = png_get_io_ptr(png);
  if (count > sizeof writer->buffer - writer->held) flush(png);
  if (count > sizeof writer->buffer) {
    write_all(png, bytes, count);
    return;
  }
  memcpy(writer->buffer + writer->held, bytes, count);
  writer->held += count;
}

cpng_writer *cpng_writer_create(int descriptor) {
  cpng_writer *writer = calloc(1, sizeof *writer);
  if (!writer) return NULL;
  writer->descriptor = descriptor;
  writer->png = png_create_write_struct(PNG_LIBPNG_VER_STRING, writer, on_error, on_warning);
  if (writer->png) writer->info = png_create_info_struct(writer->png);
  if (!writer->info) {
    cpng_writer_destroy(writer);
    return NULL;
  }
  return writer;
}

bool cpng_write_header(cpng_writer *writer, uint32_t width, uint32_t height, int channels) {
  static const int colour_types[] = {
      PNG_COLOR_TYPE_GRAY, PNG_COLOR_TYPE_GRAY_ALPHA, PNG_COLOR_TYPE_RGB, PNG_COLOR_TYPE_RGB_ALPHA};
  png_structp png = writer->png;
  if (setjmp(png_jmpbuf(png))) return false;
  png_set_write_fn(png, writer, hold_bytes, flush);
  png_set_user_limits(png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
  png_set_IHDR(png, writer->info, width, height, 8, colour_types[channels - 1], PNG_INTERLACE_NONE,
               PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  png_write_info(png, writer->info);
  return true;
}

bool cpng_write_pixels(cpng_writer *writer, const uint8_t *bytes, size_t count) {
  if (setjmp(png_jmpbuf(writer->png))) return false;
  png_write_chunk(writer->png, (png_const_bytep) "IDAT", bytes, count);
  return true;
}

bool cpng_write_end(cpng_writer *writer) {
  if (setjmp(png_jmpbuf(writer->png))) return false;
  // png_write_end insists on having written the pixels itself.
  png_write_chunk(writer->png, (png_const_bytep) "IEND", NULL, 0);
  flush(writer->png);
  return true;
}

int cpng_writer_error_number(const cpng_writer *writer) { return writer->error_number; }

const char *cpng_writer_message(const cpng_writer *writer) { return writer->message; }

void cpng_writer_destroy(cpng_writer *writer) {
  if (!writer) return;
  png_destroy_write_struct(&writer->png, &writer->info);
  free(writer);
}
