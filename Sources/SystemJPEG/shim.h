#if !__has_include(<jpeglib.h>)
#error "jpeglib.h is missing: apt-get install libjpeg62-turbo-dev"
#endif
#include <stdio.h>
#include <jpeglib.h>
