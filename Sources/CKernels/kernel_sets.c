#include "kernels.h"

#define KERNEL_SET(name, supported) extern const struct kernel_set kernel_set_##name;
#include "kernel_sets.inc"
#undef KERNEL_SET

static const struct kernel_set *const kernel_sets[] = {
#define KERNEL_SET(name, supported) &kernel_set_##name,
#include "kernel_sets.inc"
#undef KERNEL_SET
};

int kernel_set_count(void) { return (int)(sizeof kernel_sets / sizeof kernel_sets[0]); }

const struct kernel_set *kernel_set_at(int index) { return kernel_sets[index]; }

int kernel_set_is_supported(int index) {
  int number = 0;
#define KERNEL_SET(name, supported) \
  if (number++ == index) return (supported) ? 1 : 0;
#include "kernel_sets.inc"
#undef KERNEL_SET
  return 0;
}
