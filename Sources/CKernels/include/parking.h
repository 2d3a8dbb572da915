#ifndef CONVO_PARKING_H
#define CONVO_PARKING_H

// Sleeping and waking on a word of memory, for the pool of workers.

#include <stdint.h>
#if defined(__linux__)
#include <linux/futex.h>
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>
#else
#include <unistd.h>
#endif

#pragma clang assume_nonnull begin

// Sleeps while `*word` is `expected`; may return early.
static inline void parking_wait(const void *word, uint32_t expected) {
#if defined(__linux__)
  syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, expected, (void *)0, (void *)0, 0);
#else
  (void)word;
  (void)expected;
  usleep(200);
#endif
}

// Wakes at most `count` sleepers.
static inline void parking_wake(const void *word, int count) {
#if defined(__linux__)
  syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, count, (void *)0, (void *)0, 0);
#else
  (void)word;
  (void)count;
#endif
}

// Reads a flag that a signal handler or another thread may set.
static inline int parking_flag(const int *flag) { return __atomic_load_n(flag, __ATOMIC_RELAXED); }

// Tells the core that this is a waiting loop.
static inline void parking_pause(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

// The CPUs that this process may run on.
static inline int parking_cpu_count(void) {
#if defined(__linux__)
  unsigned long mask[128];
  long bytes = syscall(SYS_sched_getaffinity, 0, sizeof mask, mask);
  int count = 0;
  for (long word = 0; word < bytes / (long)sizeof(long); word++) count += __builtin_popcountl(mask[word]);
  return count > 0 ? count : 1;
#else
  return (int)sysconf(_SC_NPROCESSORS_ONLN);
#endif
}

#pragma clang assume_nonnull end

#endif
