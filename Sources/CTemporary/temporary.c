#include "ctemporary.h"

#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { most_files = 16 };

static char *files[most_files];
static const int ends[] = {SIGTERM, SIGHUP, SIGINT, SIGQUIT, SIGXCPU};
enum { end_count = sizeof ends / sizeof *ends };
static struct sigaction before[end_count];
static pthread_once_t once = PTHREAD_ONCE_INIT;

void ctemporary_remove_all(void) {
  for (int i = 0; i < most_files; i++) {
    const char *path = __atomic_load_n(&files[i], __ATOMIC_SEQ_CST);
    if (path) unlink(path);
  }
}

static void on_end(int number) {
  ctemporary_remove_all();
  for (int i = 0; i < end_count; i++)
    if (ends[i] == number) sigaction(number, &before[i], NULL);
  raise(number);  // Delivered when the handler returns.
}

/// Takes the signals that nobody else answers: others remove the files in handlers of their own.
static void watch(void) {
  for (int i = 0; i < end_count; i++) {
    if (sigaction(ends[i], NULL, &before[i]) != 0 || before[i].sa_handler != SIG_DFL) continue;
    struct sigaction action;
    memset(&action, 0, sizeof action);
    sigemptyset(&action.sa_mask);
    action.sa_handler = on_end;
    sigaction(ends[i], &action, NULL);
  }
}

int ctemporary_remember(const char *path) {
  pthread_once(&once, watch);
  char *copy = strdup(path);
  for (int i = 0; copy && i < most_files; i++) {
    char *none = NULL;
    if (__atomic_compare_exchange_n(&files[i], &none, copy, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST)) return i;
  }
  free(copy);
  return -1;
}

void ctemporary_forget(int number) {
  if (number >= 0 && number < most_files) free(__atomic_exchange_n(&files[number], NULL, __ATOMIC_SEQ_CST));
}
