#include "cwebp.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdbool.h>

static cwebp_library library;
static bool is_loaded;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void load(void) {
  static const char *const names[] = {"libwebp.so.7", "libwebp.so.6", "libwebp.so", "libwebp.dylib"};
  void *handle = NULL;
  for (size_t i = 0; i < sizeof names / sizeof *names && !handle; i++) handle = dlopen(names[i], RTLD_NOW);
  if (!handle) return;
  is_loaded = true;
#define FIND(member, name) is_loaded &= (library.member = (__typeof__(library.member))dlsym(handle, name)) != NULL
  FIND(get_features, "WebPGetFeaturesInternal");
  FIND(decode_rgb, "WebPDecodeRGBInto");
  FIND(decode_rgba, "WebPDecodeRGBAInto");
#undef FIND
}

const cwebp_library *cwebp_load(void) {
  pthread_once(&once, load);
  return is_loaded ? &library : NULL;
}
