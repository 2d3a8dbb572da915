// libzip, loaded when the first archive is opened: it drags in a cryptography library, which would cost every start of
// the program a millisecond and more.
#ifndef CONVO_CZIP_H
#define CONVO_CZIP_H

#include "../../SystemZip/shim.h"

/// The functions of libzip that archives of arrays need, by their own names.
typedef struct {
  __typeof__(&zip_fdopen) fdopen;
  __typeof__(&zip_open) open;
  __typeof__(&zip_close) close;
  __typeof__(&zip_discard) discard;
  __typeof__(&zip_strerror) strerror;
  __typeof__(&zip_get_error) get_error;
  __typeof__(&zip_error_init_with_code) error_init_with_code;
  __typeof__(&zip_error_strerror) error_strerror;
  __typeof__(&zip_error_fini) error_fini;
  __typeof__(&zip_error_code_zip) error_code_zip;
  __typeof__(&zip_error_code_system) error_code_system;
  __typeof__(&zip_get_num_entries) get_num_entries;
  __typeof__(&zip_stat_index) stat_index;
  __typeof__(&zip_fopen_index) fopen_index;
  __typeof__(&zip_fread) fread;
  __typeof__(&zip_file_get_error) file_get_error;
  __typeof__(&zip_fclose) fclose;
  __typeof__(&zip_source_buffer_fragment) source_buffer_fragment;
  __typeof__(&zip_source_free) source_free;
  __typeof__(&zip_file_add) file_add;
  __typeof__(&zip_set_file_compression) set_file_compression;
  __typeof__(&zip_file_set_dostime) file_set_dostime;
} czip_library;

/// The library, or NULL if it is not installed. The first call loads it; threads may call at the same time.
const czip_library *czip_load(void);

#endif
