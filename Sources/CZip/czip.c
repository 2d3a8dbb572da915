#include "czip.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

static czip_library library;
static bool is_loaded;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void load(void) {
  static const char *const names[] = {"libzip.so.4", "libzip.so.5", "libzip.so"};
  void *handle = NULL;
  for (size_t i = 0; i < sizeof names / sizeof *names && !handle; i++) handle = dlopen(names[i], RTLD_NOW);
  if (!handle) return;
  is_loaded = true;
#define FIND(name) is_loaded &= (library.name = (__typeof__(library.name))dlsym(handle, "zip_" #name)) != NULL
  FIND(fdopen);
  FIND(open);
  FIND(close);
  FIND(discard);
  FIND(strerror);
  FIND(get_error);
  FIND(error_init_with_code);
  FIND(error_strerror);
  FIND(error_fini);
  FIND(error_code_zip);
  FIND(error_code_system);
  FIND(get_num_entries);
  FIND(stat_index);
  FIND(fopen_index);
  FIND(fread);
  FIND(file_get_error);
  FIND(fclose);
  FIND(source_buffer_fragment);
  FIND(source_free);
  FIND(file_add);
  FIND(set_file_compression);
  FIND(file_set_dostime);
#undef FIND
}

const czip_library *czip_load(void) {
  pthread_once(&once, load);
  return is_loaded ? &library : NULL;
}
