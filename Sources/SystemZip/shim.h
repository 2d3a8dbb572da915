#if !__has_include(<zip.h>)
#error "zip.h is missing: apt-get install libzip-dev"
#endif
#include <zip.h>
