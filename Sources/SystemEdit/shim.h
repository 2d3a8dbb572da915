#if !__has_include(<histedit.h>)
#error "histedit.h is missing: apt-get install libedit-dev"
#endif
#include <histedit.h>
