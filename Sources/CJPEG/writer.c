#include "cjpeg.h"

#include <errno.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "../SystemJPEG/shim.h"

#include <jerror.h>

struct cjpeg_writer {
  struct jpeg_compress_struct jpeg;
  struct jpeg_error_mgr errors;
  struct jpeg_destination_mgr destination;
  jmp_buf escape;
  int descriptor, error_number;
  bool is_created;
  char message[JMSG_LENGTH_MAX];
  uint8_t buffer[64 * 1024];
};

static void on_error(j_common_ptr jpeg) {
  cjpeg_writer *writer = jpeg->client_data;
  writer->errors.format_message(jpeg, writer->message);
  longjmp(writer->escape, 1);
}

static void on_output(j_common_ptr jpeg) { (void)jpeg; }

static void start_buffer(j_compress_ptr jpeg) {
  cjpeg_writer *writer = jpeg->client_data;
  writer->destination.next_output_byte = writer->buffer;
  writer->destination.free_in_buffer = sizeof writer->buffer;
}

static void write_all(j_compress_ptr jpeg, size_t count) {
  cjpeg_writer *writer = jpeg->client_data;
  const uint8_t *bytes = writer->buffer;
  while (count > 0) {
    ssize_t written = write(writer->descriptor, bytes, count);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) {
      writer->error_number = written < 0 ? errno : EIO;
      ERREXIT(jpeg, JERR_FILE_WRITE);
    }
    bytes += written;
    count -= (size_t)written;
  }
  start_buffer(jpeg);
}

static boolean empty_buffer(j_compress_ptr jpeg) {
  cjpeg_writer *writer = jpeg->client_data;
  write_all(jpeg, sizeof writer->buffer);
  return TRUE;
}

static void end_buffer(j_compress_ptr jpeg) {
  cjpeg_writer *writer = jpeg->client_data;
  write_all(jpeg, sizeof writer->buffer - writer->destination.free_in_buffer);
}

cjpeg_writer *cjpeg_writer_create(int descriptor) {
  cjpeg_writer *writer = calloc(1, sizeof *writer);
  if (!writer) return NULL;
  writer->descriptor = descriptor;
  writer->jpeg.err = jpeg_std_error(&writer->errors);
  writer->jpeg.client_data = writer;
  writer->errors.error_exit = on_error;
  writer->errors.output_message = on_output;
  writer->destination.init_destination = start_buffer;
  writer->destination.empty_output_buffer = empty_buffer;
  writer->destination.term_destination = end_buffer;
  if (setjmp(writer->escape)) {
    cjpeg_writer_destroy(writer);
    return NULL;
  }
  jpeg_create_compress(&writer->jpeg);
  writer->is_created = true;
  writer->jpeg.dest = &writer->destination;
  return writer;
}

bool cjpeg_write_header(cjpeg_writer *writer, uint32_t width, uint32_t height, int channels, int quality) {
  struct jpeg_compress_struct *jpeg = &writer->jpeg;
  if (setjmp(writer->escape)) return false;
  jpeg->image_width = width;
  jpeg->image_height = height;
  jpeg->input_components = channels;
  jpeg->in_color_space = channels == 1 ? JCS_GRAYSCALE : JCS_RGB;
  jpeg_set_defaults(jpeg);
  jpeg_set_quality(jpeg, quality, TRUE);
  jpeg->dct_method = JDCT_ISLOW;
  jpeg_start_compress(jpeg, TRUE);
  return true;
}

bool cjpeg_write_row(cjpeg_writer *writer, const uint8_t *row) {
  if (setjmp(writer->escape)) return false;
  JSAMPROW rows[] = {(JSAMPROW)row};
  return jpeg_write_scanlines(&writer->jpeg, rows, 1) == 1;
}

bool cjpeg_write_end(cjpeg_writer *writer) {
  if (setjmp(writer->escape)) return false;
  jpeg_finish_compress(&writer->jpeg);
  return true;
}

int cjpeg_writer_error_number(const cjpeg_writer *writer) { return writer->error_number; }

const char *cjpeg_writer_message(const cjpeg_writer *writer) { return writer->message; }

void cjpeg_writer_destroy(cjpeg_writer *writer) {
  if (!writer) return;
  if (writer->is_created) jpeg_destroy_compress(&writer->jpeg);
  free(writer);
}
