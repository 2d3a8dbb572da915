#define _GNU_SOURCE
#include "cedit.h"

#include <langinfo.h>
#include <locale.h>
#include <string.h>
#include <wchar.h>

void cedit_use_utf8(void) {
  static bool done = false;
  if (done) return;
  done = true;
  setlocale(LC_CTYPE, "");
  if (strcmp(nl_langinfo(CODESET), "UTF-8") != 0 && setlocale(LC_CTYPE, "C.UTF-8") == NULL)
    setlocale(LC_CTYPE, "en_US.UTF-8");
}

ptrdiff_t cedit_find(const void *bytes, size_t count, const void *part, size_t length) {
  const char *found = memmem(bytes, count, part, length);
  return found ? found - (const char *)bytes : -1;
}

int32_t cedit_width(int32_t scalar) {
  cedit_use_utf8();
  return wcwidth((wchar_t)scalar);
}
