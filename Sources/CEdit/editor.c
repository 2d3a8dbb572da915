#include "cedit.h"

#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <wchar.h>

// Keys ---------------------------------------------------------------------------------------------------------

static unsigned char input[4096];
static size_t input_start = 0, input_end = 0;
static wchar_t lone_escape = 0x1B;
static cedit_notice_fn notify = NULL;
static bool line_was_interrupted = false;

bool cedit_line_was_interrupted(void) { return line_was_interrupted; }

/// Bytes that were pasted or typed ahead are taken in one read.
static bool fill_input(void) {
  ssize_t count = read(STDIN_FILENO, input, sizeof input);
  if (count <= 0) return false;
  input_start = 0;
  input_end = cedit_strip_replies(input, (size_t)count);
  return true;
}

void cedit_unread(const unsigned char *bytes, size_t count) {
  size_t left = input_end - input_start;
  if (count == 0 || left + count > sizeof input) return;
  memmove(input, input + input_start, left);
  memcpy(input + left, bytes, count);
  input_start = 0;
  input_end = left + count;
}

bool cedit_input_comes(int milliseconds) {
  if (input_start < input_end) return true;
  struct pollfd one = {.fd = STDIN_FILENO, .events = POLLIN};
  return poll(&one, 1, milliseconds) > 0;
}

void cedit_set_lone_escape(int32_t key) { lone_escape = key; }

enum { KEY_END = -1, KEY_INTERRUPT = -2, KEY_NOTHING = -3 };

/// The next byte, or one of the above. Waits at most `timeout` milliseconds, or for ever when it is negative.
static int next_byte(EditLine *editor, int timeout) {
  while (input_start == input_end) {
    struct pollfd both[2] = {{.fd = STDIN_FILENO, .events = POLLIN}, {.fd = cedit_event_fd(), .events = POLLIN}};
    int ready = poll(both, 2, timeout);
    int reason = ready < 0 ? errno : 0;
    int events = cedit_take_events();
    if (events & CEDIT_INTERRUPT) return KEY_INTERRUPT;
    if (editor && (events & CEDIT_STOP)) {
      el_set(editor, EL_PREP_TERM, 0);
      cedit_stop_self();
      el_set(editor, EL_PREP_TERM, 1);
      cedit_write("\033[?2004h", 8);
      notify(editor, CEDIT_RESUMED);
    } else if (editor && (events & CEDIT_RESIZE)) {
      notify(editor, CEDIT_RESIZED);
    }
    if (editor && (events & (CEDIT_STOP | CEDIT_RESIZE))) notify(editor, CEDIT_IDLE);
    if (ready == 0) return KEY_NOTHING;
    if (ready < 0 && reason != EINTR) return KEY_END;
    if (ready > 0 && both[0].revents != 0) {
      errno = 0;
      if (!fill_input() && errno != EINTR) return KEY_END;
    }
  }
  return input[input_start++];
}

/// Reads one character for libedit and decodes its UTF-8, whatever the locale says.
static int read_key(EditLine *editor, wchar_t *key) {
  if (!cedit_input_comes(0)) notify(editor, CEDIT_IDLE);
  int first = next_byte(editor, -1);
  line_was_interrupted = first == KEY_INTERRUPT;
  if (line_was_interrupted) {
    notify(editor, CEDIT_INTERRUPTED);
    return -1;
  }
  if (first < 0) return 0;
  int more = first < 0x80 ? 0 : first >= 0xF0 ? 3 : first >= 0xE0 ? 2 : first >= 0xC0 ? 1 : -1;
  if (more == 0) {
    *key = first;
    if (first == 0x1B && lone_escape != 0x1B && !cedit_input_comes(50)) *key = lone_escape;
    return 1;
  }
  wchar_t value = more < 0 ? 0xFFFD : first & (0x3F >> more);
  for (; more > 0; more--) {
    int byte = next_byte(editor, 50);
    if (byte < 0 || (byte & 0xC0) != 0x80) {
      if (byte >= 0) input_start--;
      value = 0xFFFD;
      break;
    }
    value = (value << 6) | (byte & 0x3F);
  }
  bool isScalar = value <= 0x10FFFF && (value < 0xD800 || value > 0xDFFF);
  *key = isScalar ? value : 0xFFFD;
  return 1;
}

int32_t cedit_read(EditLine *editor) {
  wchar_t key = 0;
  int count = el_wgetc(editor, &key);
  return count == 1 ? (int32_t)key : count;
}

bool cedit_take(const char *bytes) {
  size_t count = strlen(bytes);
  if (input_end - input_start < count || memcmp(input + input_start, bytes, count) != 0) return false;
  input_start += count;
  return true;
}

char *cedit_read_paste(size_t *length) {
  static const char end[] = "\033[201~";
  size_t capacity = 4096, count = 0;
  char *text = malloc(capacity);
  while (text) {
    int byte = next_byte(NULL, -1);
    line_was_interrupted = byte == KEY_INTERRUPT;
    if (byte < 0) break;
    if (count == capacity) {
      char *larger = realloc(text, capacity *= 2);
      if (!larger) break;
      text = larger;
    }
    text[count++] = (char)byte;
    if (count >= 6 && memcmp(text + count - 6, end, 6) == 0) {
      *length = count - 6;
      return text;
    }
  }
  free(text);
  return NULL;
}

// Wrappers -----------------------------------------------------------------------------------------------------

EditLine *cedit_open(void *client, cedit_notice_fn notice) {
  cedit_use_utf8();
  EditLine *editor = el_init("convo", stdin, stdout, stderr);
  if (!editor) return NULL;
  notify = notice;
  el_set(editor, EL_CLIENTDATA, client);
  el_set(editor, EL_SIGNAL, 0);
  el_set(editor, EL_EDITOR, "emacs");
  el_set(editor, EL_GETCFN, read_key);
  // While a line is edited Ctrl-S is a key and stops no output.
  el_set(editor, EL_SETTY, "-d", "-ixon", NULL);
  // It has seen the terminal's modes; from here on it draws nothing.
  FILE *nowhere = fopen("/dev/null", "we");
  if (!nowhere || el_set(editor, EL_SETFP, 1, nowhere) != 0) {
    el_end(editor);
    return NULL;
  }
  return editor;
}

void *cedit_client(EditLine *editor) {
  void *client = NULL;
  el_get(editor, EL_CLIENTDATA, &client);
  return client;
}

void cedit_define(EditLine *editor, const char *name, const char *help, cedit_command_fn function) {
  el_set(editor, EL_ADDFN, name, help, function);
}

void cedit_bind(EditLine *editor, const char *key, const char *command) {
  el_set(editor, EL_BIND, key, command, NULL);
}

void cedit_bind_alternate(EditLine *editor, const char *key, const char *command) {
  el_set(editor, EL_BIND, "-a", key, command, NULL);
}

void cedit_source(EditLine *editor, void (*rebind)(EditLine *)) {
  char path[4096];
  const char *given = getenv("EDITRC"), *home = getenv("HOME");
  if (!given && !home) return;
  if (snprintf(path, sizeof path, "%s%s", given ? given : home, given ? "" : "/.editrc") >= (int)sizeof path) return;
  FILE *file = fopen(path, "re");
  Tokenizer *words = file ? tok_init(NULL) : NULL;
  char *line = NULL;
  size_t capacity = 0;
  while (words && getline(&line, &capacity, file) > 0) {
    int count = 0;
    const char **word = NULL;
    line[strcspn(line, "\n")] = 0;
    const char *start = line + strspn(line, " \t");
    if (*start == 0 || *start == '#') continue;
    tok_reset(words);
    if (tok_str(words, start, &count, &word) != 0 || count == 0 || el_parse(editor, count, word) < 0) continue;
    const char *command = strrchr(word[0], ':');
    bool binds = strcmp(command ? command + 1 : word[0], "bind") == 0;
    if (binds && count > 1 && (strcmp(word[1], "-v") == 0 || strcmp(word[1], "-e") == 0)) rebind(editor);
  }
  free(line);
  if (words) tok_end(words);
  if (file) fclose(file);
}

bool cedit_is_vi(EditLine *editor) {
  const char *name = NULL;
  return el_get(editor, EL_EDITOR, &name) == 0 && name && strcmp(name, "vi") == 0;
}

void cedit_prepare(EditLine *editor) { el_set(editor, EL_PREP_TERM, 1); }

static cedit_history_fn history_next = NULL;

static int history_function(void *client, HistEvent *event, int operation, ...) {
  const char *text = history_next ? history_next(client, operation) : NULL;
  if (!text) return -1;
  event->num = 0;
  event->str = text;
  return 0;
}

void cedit_set_history(EditLine *editor, void *client, cedit_history_fn next) {
  history_next = next;
  el_set(editor, EL_HIST, history_function, client);
}

void cedit_write(const char *bytes, size_t count) {
  while (count > 0) {
    ssize_t written = write(STDOUT_FILENO, bytes, count);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return;
    bytes += written;
    count -= (size_t)written;
  }
}
