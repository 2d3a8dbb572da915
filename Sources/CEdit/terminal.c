#include "cedit.h"

#include <ctemporary.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/time.h>
#include <termios.h>
#include <unistd.h>

// Ctrl-C is counted, not flagged: what was pressed until a moment is forgotten by remembering the count of that moment,
// and a press that comes while something is being forgotten is not lost.
static volatile uint32_t presses = 0, answered = 0;
static volatile int events = 0;
static volatile sig_atomic_t editing = 0;
static volatile sig_atomic_t quiet = 0;
static volatile sig_atomic_t guarded = 0;
static volatile int32_t *cancel_flag = NULL;
static bool interrupt_ends = false;
static int wake[2] = {-1, -1};
static int terminal = -1;
static struct termios original;

static void wake_up(int event) {
  int saved = errno;
  __atomic_fetch_or(&events, event, __ATOMIC_SEQ_CST);
  if (wake[1] >= 0) {
    ssize_t ignored = write(wake[1], "!", 1);
    (void)ignored;
  }
  errno = saved;
}

static void open_wake(void) {
  if (wake[0] >= 0 || pipe(wake) != 0) return;
  for (int side = 0; side < 2; side++) {
    fcntl(wake[side], F_SETFL, O_NONBLOCK);
    fcntl(wake[side], F_SETFD, FD_CLOEXEC);
  }
}

static void handle(int number, void (*handler)(int), int flags) {
  struct sigaction action;
  memset(&action, 0, sizeof action);
  sigemptyset(&action.sa_mask);
  action.sa_handler = handler;
  action.sa_flags = flags;  // Never SA_RESTART: a read that waits must come back.
  sigaction(number, &action, NULL);
}

// Ctrl-C -------------------------------------------------------------------------------------------------------

static void on_interrupt(int number) {
  (void)number;
  if (interrupt_ends && cedit_is_interrupted()) {
    ctemporary_remove_all();
    cedit_restore_terminal();
    _exit(130);
  }
  __atomic_fetch_add(&presses, 1, __ATOMIC_SEQ_CST);
  if (cancel_flag) __atomic_store_n(cancel_flag, 1, __ATOMIC_SEQ_CST);
  wake_up(CEDIT_INTERRUPT);  // Last: whoever sees the event finds the rest done.
}

void cedit_watch_interrupt(int32_t *cancel, bool ends) {
  cancel_flag = cancel;
  interrupt_ends = ends;
  open_wake();
  handle(SIGINT, on_interrupt, 0);
}

bool cedit_is_interrupted(void) { return presses != answered; }

void cedit_forget_interrupt(void) {
  cedit_take_events();
  if (cancel_flag) __atomic_store_n(cancel_flag, 0, __ATOMIC_SEQ_CST);
  __atomic_store_n(&answered, __atomic_load_n(&presses, __ATOMIC_SEQ_CST), __ATOMIC_SEQ_CST);
}

// The terminal's modes -----------------------------------------------------------------------------------------

static void set_modes(const struct termios *modes) {
  // A background process that sets modes would be stopped by SIGTTOU, even while it ends.
  sigset_t block, before;
  sigemptyset(&block);
  sigaddset(&block, SIGTTOU);
  sigprocmask(SIG_BLOCK, &block, &before);
  tcsetattr(terminal, TCSANOW, modes);
  sigprocmask(SIG_SETMASK, &before, NULL);
}

void cedit_restore_terminal(void) {
  if (!guarded) return;
  quiet = 0;
  if (editing) {
    // The end of bracketed paste and of any colour.
    ssize_t ignored = write(terminal, "\033[?2004l\033[0m", 12);
    (void)ignored;
  }
  set_modes(&original);
}

void cedit_quiet_terminal(void) {
  if (!guarded) return;
  struct termios modes = original;
  modes.c_lflag &= ~(tcflag_t)(ECHO | ICANON);
  modes.c_lflag |= ISIG;
  modes.c_cc[VMIN] = 1;
  modes.c_cc[VTIME] = 0;
  set_modes(&modes);
  quiet = 1;
}

static void on_end(int number) {
  ctemporary_remove_all();
  cedit_restore_terminal();
  signal(number, SIG_DFL);
  raise(number);  // Delivered when the handler returns.
}

static struct sigaction crash_actions[NSIG];

static void on_crash(int number) {
  cedit_restore_terminal();
  sigaction(number, &crash_actions[number], NULL);
  raise(number);
}

static volatile sig_atomic_t shape = 0;

static void on_resize(int number) {
  (void)number;
  shape = (shape + 1) & 0xFFFF;
  wake_up(CEDIT_RESIZE);
}

int cedit_terminal_shape(void) { return shape; }

static void on_stop(int number) {
  (void)number;
  if (editing) {
    wake_up(CEDIT_STOP);
  } else {
    cedit_stop_self();
  }
}

void cedit_stop_self(void) {
  int saved = errno;
  bool was_quiet = quiet;
  cedit_restore_terminal();
  kill(getpid(), SIGSTOP);
  if (was_quiet) cedit_quiet_terminal();
  errno = saved;
}

void cedit_guard_terminal(int fd) {
  if (guarded || tcgetattr(fd, &original) != 0) return;
  terminal = fd;
  guarded = 1;
  open_wake();
  atexit(cedit_restore_terminal);
  handle(SIGWINCH, on_resize, 0);
  handle(SIGTSTP, on_stop, 0);
  static const int ends[] = {SIGTERM, SIGHUP, SIGQUIT};
  for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) handle(ends[i], on_end, 0);
  // A stack that overflowed cannot hold its own handler.
  stack_t stack = {.ss_sp = malloc(32768), .ss_size = 32768};
  if (stack.ss_sp) sigaltstack(&stack, NULL);
  static const int crashes[] = {SIGSEGV, SIGBUS, SIGILL, SIGABRT, SIGFPE, SIGTRAP};
  for (size_t i = 0; i < sizeof crashes / sizeof *crashes; i++) {
    sigaction(crashes[i], NULL, &crash_actions[crashes[i]]);
    handle(crashes[i], on_crash, SA_ONSTACK);
  }
}

// Progress -----------------------------------------------------------------------------------------------------

static volatile sig_atomic_t progress_runs = 0;
static volatile sig_atomic_t progress_shown = 0;
static volatile sig_atomic_t progress_tenths = 0;
static int progress_fd = -1;
static bool progress_is_dim = true;

/// Writes `working 3.5 s   Ctrl-C cancels`; a handler may only use what is safe in one, so it makes its own digits.
static void on_tick(int number) {
  (void)number;
  if (!progress_runs) return;  // Somebody else sent the signal.
  int saved = errno;
  progress_tenths += 5;
  char line[64] = "\r\033[2mworking ";
  if (!progress_is_dim) memcpy(line, "\rworking ", 10);
  size_t end = strlen(line);
  char digits[12];
  int count = 0;
  for (int value = progress_tenths / 10; value > 0 || count == 0; value /= 10) digits[count++] = (char)('0' + value % 10);
  while (count > 0) line[end++] = digits[--count];
  line[end++] = '.';
  line[end++] = (char)('0' + progress_tenths % 10);
  static const char tail[] = " s   Ctrl-C cancels\033[K\033[0m";
  size_t length = sizeof tail - (progress_is_dim ? 1 : 5);
  memcpy(line + end, tail, length);
  end += length;
  progress_shown = 1;
  ssize_t ignored = write(progress_fd, line, end);
  (void)ignored;
  errno = saved;
}

void cedit_begin_progress(int fd, bool dim) {
  progress_fd = fd;
  progress_is_dim = dim;
  progress_tenths = 0;
  progress_runs = 1;
  // Files are being read meanwhile: their calls go on after the tick.
  handle(SIGALRM, on_tick, SA_RESTART);
  struct itimerval half = {.it_value = {0, 500000}, .it_interval = {0, 500000}};
  setitimer(ITIMER_REAL, &half, NULL);
}

void cedit_end_progress(void) {
  progress_runs = 0;
  struct itimerval never = {{0, 0}, {0, 0}};
  setitimer(ITIMER_REAL, &never, NULL);
  cedit_erase_progress();
}

void cedit_erase_progress(void) {
  if (!progress_shown) return;
  progress_shown = 0;
  ssize_t ignored = write(progress_fd, "\r\033[K", 4);
  (void)ignored;
}

void cedit_set_editing(bool is_editing) { editing = is_editing; }

int cedit_event_fd(void) { return wake[0]; }

int cedit_take_events(void) {
  char bytes[64];
  while (wake[0] >= 0 && read(wake[0], bytes, sizeof bytes) > 0) {}
  return __atomic_exchange_n(&events, 0, __ATOMIC_SEQ_CST);
}

bool cedit_terminal_size(int fd, int *columns, int *rows) {
  struct winsize size;
  if (ioctl(fd, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return false;
  *columns = size.ws_col;
  *rows = size.ws_row;
  return true;
}
