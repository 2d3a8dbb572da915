// JPEG files through libjpeg-turbo. libjpeg reports errors with longjmp; none of it leaves these functions.
#ifndef CONVO_CJPEG_H
#define CONVO_CJPEG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// What the rows of an opened picture hold, always with 8 bits a sample.
typedef struct {
  uint32_t width, height;
  /// 1 grey, 3 RGB, 4 CMYK, where 255 means no ink.
  int channels;
  /// Whether a block of 8×8 samples may take less than one bit: with arithmetic coding it may.
  bool is_arithmetic;
  /// The bytes that libjpeg needs for a picture in several scans, else 0.
  size_t coefficient_bytes;
  /// The content of the Exif marker, behind its name, or NULL.
  const uint8_t *exif;
  size_t exif_count;
} cjpeg_header;

typedef struct cjpeg_reader cjpeg_reader;

/// Starts reading `count` bytes, which stay with the caller. NULL: no memory.
cjpeg_reader *cjpeg_reader_create(const uint8_t *bytes, size_t count);

/// Reads up to the pixels. Allocates nothing of the picture's size.
bool cjpeg_read_header(cjpeg_reader *reader, cjpeg_header *header);

/// Reads the next row; the first call reads all scans of a progressive picture.
bool cjpeg_read_row(cjpeg_reader *reader, uint8_t *row);

/// How many bytes the picture takes, where reading its first row failed because another picture follows without the mark
/// that ends this one, whose scans were all there; else 0.
size_t cjpeg_reader_whole_count(const cjpeg_reader *reader);

/// Reads what follows the pixels, up to the end of the picture. Where it fails, all pixels are there all the same.
bool cjpeg_read_end(cjpeg_reader *reader);

/// What went wrong, in libjpeg's words; after success, the last flaw that was passed over, or an empty text.
const char *cjpeg_reader_message(const cjpeg_reader *reader);

/// How many bytes were read.
size_t cjpeg_reader_offset(const cjpeg_reader *reader);

/// Whether the bytes ended before the picture did.
bool cjpeg_reader_is_short(const cjpeg_reader *reader);

void cjpeg_reader_destroy(cjpeg_reader *reader);

typedef struct cjpeg_writer cjpeg_writer;

/// Starts a picture in the file `descriptor`, which stays open. NULL: no memory.
cjpeg_writer *cjpeg_writer_create(int descriptor);

/// `channels` is 1 for grey or 3 for RGB, `quality` 1…100.
bool cjpeg_write_header(cjpeg_writer *writer, uint32_t width, uint32_t height, int channels, int quality);
bool cjpeg_write_row(cjpeg_writer *writer, const uint8_t *row);

/// Writes the end and everything that was held back.
bool cjpeg_write_end(cjpeg_writer *writer);

/// The system's error number if writing to the file failed, else 0.
int cjpeg_writer_error_number(const cjpeg_writer *writer);
const char *cjpeg_writer_message(const cjpeg_writer *writer);
void cjpeg_writer_destroy(cjpeg_writer *writer);

#endif
