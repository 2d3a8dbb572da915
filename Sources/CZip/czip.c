#include "czip.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <unistd.h>

static czip_library library;
static bool is_loaded;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/// Why the system opens nothing any more, as too many files are open; 0 if it does.
static int open_error(void) {
  int descriptor = open("/dev/null", O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return errno;
  close(descriptor);
  return 0;
}

static void load(void) {
  static const char *const names[] = {"libzip.so.4", "libzip.so.5", "libzip.so"};
  void *handle = NULL;
  for (size_t i = 0; i < sizeof names / sizeof *names && !handle; i++) handle = dlopen(names[i], RTLD_NOW);
  if (!handle) return;
  is_loaded = true;
#define FIND(name) is_loaded &= (library.name = (__typeof__(library.name))dlsym(handle, "zip_" #name)) != NULL
  FIND(fdopen);
  FIND(discard);
  FIND(strerror);
  FIND(error_init_with_code);
  FIND(error_strerror);
  FIND(error_fini);
  FIND(error_code_zip);
  FIND(get_num_entries);
  FIND(stat_index);
  FIND(fopen_index);
  FIND(fread);
  FIND(file_get_error);
  FIND(fclose);
#undef FIND
}

const czip_library *czip_load(int *error_number) {
  pthread_mutex_lock(&lock);
  if (!is_loaded) load();
  bool found = is_loaded;
  pthread_mutex_unlock(&lock);
  *error_number = found ? 0 : open_error();
  return found ? &library : NULL;
}
