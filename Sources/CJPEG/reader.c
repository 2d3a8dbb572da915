#include "cjpeg.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../SystemJPEG/shim.h"

#include <jerror.h>

// A scan costs time for every block of the picture and may cost two bytes of the file. Encoders write about ten.
enum { most_scans = 200 };

struct cjpeg_reader {
  struct jpeg_decompress_struct jpeg;
  struct jpeg_error_mgr errors;
  struct jpeg_progress_mgr progress;
  jmp_buf escape;
  size_t count;
  bool is_created, is_started, is_short;
  char message[JMSG_LENGTH_MAX];
};

static void on_error(j_common_ptr jpeg) {
  cjpeg_reader *reader = jpeg->client_data;
  reader->errors.format_message(jpeg, reader->message);
  longjmp(reader->escape, 1);
}

// libjpeg fills what is missing with grey and only warns. A picture that lost pixels is an error here; a few
// stray bytes between its parts, or a missing mark at its end, are not. Huffman codes tell whether bits are missing,
// arithmetic ones do not.
static void on_message(j_common_ptr jpeg, int level) {
  cjpeg_reader *reader = jpeg->client_data;
  if (level >= 0) return;
  switch (jpeg->err->msg_code) {
    case JWRN_JPEG_EOF:
      reader->is_short = true;
      if (reader->jpeg.arith_code) on_error(jpeg);
      break;
    case JWRN_HIT_MARKER:
    case JWRN_HUFF_BAD_CODE:
    case JWRN_ARITH_BAD_CODE:
    case JWRN_MUST_RESYNC:
    case JWRN_NOT_SEQUENTIAL:
    case JWRN_BOGUS_PROGRESSION:
      on_error(jpeg);
      break;
    default:
      reader->errors.format_message(jpeg, reader->message);
  }
}

static void on_output(j_common_ptr jpeg) { (void)jpeg; }

static void on_progress(j_common_ptr jpeg) {
  if (jpeg->is_decompressor && ((j_decompress_ptr)jpeg)->input_scan_number > most_scans) {
    cjpeg_reader *reader = jpeg->client_data;
    snprintf(reader->message, sizeof reader->message, "more than %d scans", most_scans);
    longjmp(reader->escape, 1);
  }
}

cjpeg_reader *cjpeg_reader_create(const uint8_t *bytes, size_t count) {
  cjpeg_reader *reader = calloc(1, sizeof *reader);
  if (!reader) return NULL;
  reader->count = count;
  reader->jpeg.err = jpeg_std_error(&reader->errors);
  reader->jpeg.client_data = reader;
  reader->errors.error_exit = on_error;
  reader->errors.emit_message = on_message;
  reader->errors.output_message = on_output;
  if (setjmp(reader->escape)) {
    cjpeg_reader_destroy(reader);
    return NULL;
  }
  jpeg_create_decompress(&reader->jpeg);
  reader->is_created = true;
  reader->progress.progress_monitor = on_progress;
  reader->jpeg.progress = &reader->progress;
  jpeg_mem_src(&reader->jpeg, bytes, count);
  return reader;
}

static size_t coefficient_bytes(const struct jpeg_decompress_struct *jpeg) {
  size_t total = 0;
  for (int i = 0; i < jpeg->num_components; i++) {
    const jpeg_component_info *component = &jpeg->comp_info[i];
    size_t rows = component->height_in_blocks + component->v_samp_factor;
    size_t columns = component->width_in_blocks + component->h_samp_factor;
    total += rows * columns * sizeof(JBLOCK);
  }
  return total;
}

bool cjpeg_read_header(cjpeg_reader *reader, cjpeg_header *header) {
  // The name is followed by one byte more, which not all programs make 0.
  static const char exif_name[] = "Exif\0";
  struct jpeg_decompress_struct *jpeg = &reader->jpeg;
  if (setjmp(reader->escape)) return false;
  jpeg_save_markers(jpeg, JPEG_APP0 + 1, 0xFFFF);
  jpeg_read_header(jpeg, TRUE);
  if (reader->is_short) return false;
  switch (jpeg->jpeg_color_space) {
    case JCS_GRAYSCALE:
      jpeg->out_color_space = JCS_GRAYSCALE;
      break;
    case JCS_CMYK:
    case JCS_YCCK:
      jpeg->out_color_space = JCS_CMYK;
      break;
    default:
      jpeg->out_color_space = JCS_RGB;
  }
  jpeg->dct_method = JDCT_ISLOW;
  jpeg_calc_output_dimensions(jpeg);
  header->width = jpeg->output_width;
  header->height = jpeg->output_height;
  header->channels = jpeg->output_components;
  header->is_arithmetic = jpeg->arith_code;
  header->coefficient_bytes = jpeg_has_multiple_scans(jpeg) ? coefficient_bytes(jpeg) : 0;
  header->exif = NULL;
  header->exif_count = 0;
  for (jpeg_saved_marker_ptr marker = jpeg->marker_list; marker; marker = marker->next) {
    if (marker->data_length > sizeof exif_name && !memcmp(marker->data, exif_name, sizeof exif_name - 1)) {
      header->exif = marker->data + sizeof exif_name;
      header->exif_count = marker->data_length - sizeof exif_name;
      break;
    }
  }
  return true;
}

// Whether every scan of a picture in several was there.
static bool is_complete(const struct jpeg_decompress_struct *jpeg) {
  for (int i = 0; i < jpeg->num_components; i++) {
    // The tables of a component are kept when its first scan begins.
    if (!jpeg->comp_info[i].quant_table) return false;
    if (!jpeg->progressive_mode) continue;
    // How many bits of a coefficient are still to come, -1 for all.
    for (int k = 0; k < DCTSIZE2; k++)
      if (jpeg->coef_bits[i][k] != 0) return false;
  }
  return true;
}

bool cjpeg_read_row(cjpeg_reader *reader, uint8_t *row) {
  if (setjmp(reader->escape)) return false;
  if (!reader->is_started) {
    jpeg_start_decompress(&reader->jpeg);
    if (reader->is_short && jpeg_has_multiple_scans(&reader->jpeg) && !is_complete(&reader->jpeg)) return false;
    reader->is_started = true;
  }
  JSAMPROW rows[] = {row};
  return jpeg_read_scanlines(&reader->jpeg, rows, 1) == 1;
}

size_t cjpeg_reader_whole_count(const cjpeg_reader *reader) {
  const struct jpeg_decompress_struct *jpeg = &reader->jpeg;
  bool begins_another = reader->errors.msg_code == JERR_SOI_DUPLICATE;
  if (reader->is_started || !begins_another || !is_complete(jpeg)) return 0;
  return cjpeg_reader_offset(reader) - 2;
}

bool cjpeg_read_end(cjpeg_reader *reader) {
  if (setjmp(reader->escape)) return false;
  return jpeg_finish_decompress(&reader->jpeg);
}

const char *cjpeg_reader_message(const cjpeg_reader *reader) { return reader->message; }

size_t cjpeg_reader_offset(const cjpeg_reader *reader) {
  return reader->is_short || !reader->jpeg.src ? reader->count : reader->count - reader->jpeg.src->bytes_in_buffer;
}

bool cjpeg_reader_is_short(const cjpeg_reader *reader) { return reader->is_short; }

void cjpeg_reader_destroy(cjpeg_reader *reader) {
  if (!reader) return;
  if (reader->is_created) jpeg_destroy_decompress(&reader->jpeg);
  free(reader);
}
