// PNG files through libpng. libpng reports errors with longjmp; none of it leaves these functions.
#ifndef CONVO_CPNG_H
#define CONVO_CPNG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// What the rows of an opened picture hold.
typedef struct {
  uint32_t width, height;
  /// 1 grey, 2 grey and alpha, 3 RGB, 4 RGB and alpha.
  int channels;
  /// 8, or 16 in the byte order of the machine.
  int bits;
  /// How often the rows are read from first to last: 1, or 7 for an interlaced picture.
  int passes;
  size_t row_bytes;
} cpng_header;

typedef struct cpng_reader cpng_reader;

/// Starts reading `count` bytes, which stay with the caller. NULL: no memory.
cpng_reader *cpng_reader_create(const uint8_t *bytes, size_t count);

/// Reads up to the pixels. Samples of less than 8 bits are spread over 0…255 and palettes become RGB;
/// `as_stored` keeps alpha and 16 bits, otherwise alpha is dropped and 16 bits are scaled to 8.
bool cpng_read_header(cpng_reader *reader, bool as_stored, cpng_header *header);

/// Reads the next row of the present pass. In an interlaced picture `row` holds what earlier passes gave.
bool cpng_read_row(cpng_reader *reader, uint8_t *row);

/// Reads what follows the pixels, up to the end of the picture.
bool cpng_read_end(cpng_reader *reader);

/// What went wrong, in libpng's words.
const char *cpng_reader_message(const cpng_reader *reader);

/// How many bytes were read.
size_t cpng_reader_offset(const cpng_reader *reader);

/// Whether the bytes ended before the picture did.
bool cpng_reader_is_short(const cpng_reader *reader);

void cpng_reader_destroy(cpng_reader *reader);

/// Unpacks gzip, member after member.
typedef struct cpng_inflater cpng_inflater;

/// NULL: no memory.
cpng_inflater *cpng_inflater_create(void);

/// Unpacks some bytes and tells how many were taken and given: 0 for more to come, 1 at the end of a member, -1 for what
/// is no gzip.
int cpng_inflate(cpng_inflater *inflater, const void *input, size_t input_count, ptrdiff_t *consumed, void *output,
                 size_t output_count, ptrdiff_t *produced);

void cpng_inflater_destroy(cpng_inflater *inflater);

/// A file that has no name, in memory where the system has such; -1 and errno where there is none.
int cpng_unnamed_file(void);

typedef struct cpng_writer cpng_writer;

/// Starts a picture of 8 bits a sample in the file `descriptor`, which stays open. NULL: no memory.
cpng_writer *cpng_writer_create(int descriptor);

bool cpng_write_header(cpng_writer *writer, uint32_t width, uint32_t height, int channels);

/// Writes a chunk of compressed pixels: all strips in order make one zlib stream.
bool cpng_write_pixels(cpng_writer *writer, const uint8_t *bytes, size_t count);

/// Writes the end and everything that was held back.
bool cpng_write_end(cpng_writer *writer);

/// The system's error number if writing to the file failed, else 0.
int cpng_writer_error_number(const cpng_writer *writer);
const char *cpng_writer_message(const cpng_writer *writer);
void cpng_writer_destroy(cpng_writer *writer);

// A strip is a run of rows that is filtered and compressed on its own, so that threads may share a picture.

/// The most bytes that a strip takes when it is compressed.
size_t cpng_strip_bound(size_t row_bytes, size_t row_count);

/// Compresses `row_count` rows and returns how many bytes that gave, 0 for want of memory.
///
/// `above` is the row before the first, NULL at the top of the picture; `filtered` has room for the rows and a byte for
/// each of them; `checksum` is their Adler-32. Only the last strip ends the stream.
size_t cpng_compress_strip(const uint8_t *rows, const uint8_t *above, size_t row_bytes, size_t row_count,
                           int channels, bool is_last, uint8_t *filtered, uint8_t *output, size_t capacity,
                           uint32_t *checksum);

/// The Adler-32 of two runs of bytes, from those of each.
uint32_t cpng_join_checksums(uint32_t first, uint32_t second, size_t second_count);

// Bytes that are no PNG.

/// The CRC-32 of bytes that follow others whose CRC-32 is `before`; 0 where nothing is before them.
uint32_t cpng_crc32(uint32_t before, const uint8_t *bytes, size_t count);

/// The most bytes that `count` bytes take when they are compressed.
size_t cpng_zlib_bound(size_t count);

/// Compresses bytes and returns how many that gave, 0 for want of memory or room.
size_t cpng_zlib_compress(const uint8_t *bytes, size_t count, uint8_t *output, size_t capacity);

#endif
