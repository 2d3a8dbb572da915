// libzip, loaded when the first archive is opened: it drags in a cryptography library, which would cost every start of
// the program a millisecond and more.
#ifndef CONVO_CZIP_H
#define CONVO_CZIP_H

#include "../../SystemZip/shim.h"

/// The functions of libzip with which archives are read, by their own names.
typedef struct {
  __typeof__(&zip_fdopen) fdopen;
  __typeof__(&zip_discard) discard;
  __typeof__(&zip_strerror) strerror;
  __typeof__(&zip_error_init_with_code) error_init_with_code;
  __typeof__(&zip_error_strerror) error_strerror;
  __typeof__(&zip_error_fini) error_fini;
  __typeof__(&zip_error_code_zip) error_code_zip;
  __typeof__(&zip_get_num_entries) get_num_entries;
  __typeof__(&zip_stat_index) stat_index;
  __typeof__(&zip_fopen_index) fopen_index;
  __typeof__(&zip_fread) fread;
  __typeof__(&zip_file_get_error) file_get_error;
  __typeof__(&zip_fclose) fclose;
} czip_library;

/// The library. The first call loads it; threads may call at the same time. NULL: it is not installed, or, where
/// `error_number` is not 0, the system could not open it now.
const czip_library *czip_load(int *error_number);

#endif
