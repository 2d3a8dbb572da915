#include "cedit.h"

#include <poll.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

// A terminal that is asked something answers among the keys. Whatever is no answer was typed, and is given back.

static bool expects_replies = false;

static long milliseconds_since(struct timespec start) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (now.tv_sec - start.tv_sec) * 1000 + (now.tv_nsec - start.tv_nsec) / 1000000;
}

/// The length of the answer at the beginning of `bytes`: `ESC [ ? … c` or `ESC [ digits ; … t`. 0 when there is none.
static size_t reply_length(const unsigned char *bytes, size_t count) {
  if (count < 4 || bytes[0] != 0x1B || bytes[1] != '[') return 0;
  bool is_attributes = bytes[2] == '?';
  for (size_t i = is_attributes ? 3 : 2; i < count; i++) {
    unsigned char byte = bytes[i];
    if (byte == (is_attributes ? 'c' : 't') && i > 3) return i + 1;
    if ((byte < '0' || byte > '9') && byte != ';') return 0;
  }
  return 0;
}

size_t cedit_strip_replies(unsigned char *bytes, size_t count) {
  if (!expects_replies) return count;
  size_t kept = 0;
  for (size_t i = 0; i < count;) {
    size_t length = reply_length(bytes + i, count - i);
    if (length == 0) {
      bytes[kept++] = bytes[i++];
    } else {
      if (bytes[i + length - 1] == 'c') expects_replies = false;
      i += length;
    }
  }
  return kept;
}

size_t cedit_query(const char *question, int milliseconds, unsigned char *reply, size_t capacity) {
  if (cedit_input_comes(0)) return 0;
  cedit_write(question, strlen(question));
  unsigned char bytes[1024];
  size_t count = 0, length = 0;
  bool is_answered = false;
  struct timespec start;
  clock_gettime(CLOCK_MONOTONIC, &start);
  while (!is_answered && count < sizeof bytes) {
    long left = milliseconds - milliseconds_since(start);
    struct pollfd one = {.fd = STDIN_FILENO, .events = POLLIN};
    if (left <= 0 || poll(&one, 1, (int)left) <= 0) break;
    ssize_t more = read(STDIN_FILENO, bytes + count, sizeof bytes - count);
    if (more <= 0) break;
    count += (size_t)more;
    for (size_t i = 0; i < count; i++) {
      size_t size = reply_length(bytes + i, count - i);
      if (size > 0 && bytes[i + size - 1] == 'c') is_answered = true;
    }
  }
  size_t typed = 0;
  for (size_t i = 0; i < count;) {
    size_t size = reply_length(bytes + i, count - i);
    if (size == 0) {
      bytes[typed++] = bytes[i++];
      continue;
    }
    if (length + size <= capacity) {
      memcpy(reply + length, bytes + i, size);
      length += size;
    }
    i += size;
  }
  cedit_unread(bytes, typed);
  // An answer that is late must not be taken for keys.
  expects_replies = !is_answered;
  return length;
}
