#ifndef CONVO_CEDIT_H
#define CONVO_CEDIT_H

// One-purpose wrappers around libedit's variadic calls, the reading of keys, and signals. Everything that a signal
// handler touches lives here, because a handler may not run Swift.

#include <histedit.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Where `part` stands first among `bytes`; -1 where it does not.
ptrdiff_t cedit_find(const void *bytes, size_t count, const void *part, size_t length);

// Locale and width ---------------------------------------------------------------------------------------------

/// Makes LC_CTYPE a UTF-8 locale; no other category changes, so that numbers keep their point.
void cedit_use_utf8(void);

/// The columns of a Unicode scalar on a terminal: 0, 1, 2, or -1 for what is not printed.
int32_t cedit_width(int32_t scalar);

// Signals and terminal modes (terminal.c) ----------------------------------------------------------------------

/// What reaches the prompt from signal handlers.
enum cedit_event { CEDIT_NONE = 0, CEDIT_INTERRUPT = 1, CEDIT_RESIZE = 2, CEDIT_STOP = 4 };

/// Ctrl-C sets `*cancel` to 1. With `ends` a second one, while the first is not answered, ends the process with 130.
void cedit_watch_interrupt(int32_t *cancel, bool ends);

/// Whether Ctrl-C was pressed since it was last forgotten.
bool cedit_is_interrupted(void);

/// Forgets every Ctrl-C until now, the wish to cancel and all waiting events with it. One that comes meanwhile wakes the
/// next `read_key`. It is called before a line is read, never after, so that no Ctrl-C behind a line is lost.
void cedit_forget_interrupt(void);

/// Remembers the modes of the terminal `fd` and sees to it that they come back after every exit, crashes included.
/// Also watches the terminal's size and Ctrl-Z.
void cedit_guard_terminal(int fd);

/// Modes for a computation: nothing is echoed, keys wait as they are, Ctrl-C and Ctrl-Z work.
void cedit_quiet_terminal(void);

/// The modes that the terminal had at first.
void cedit_restore_terminal(void);

/// The columns and rows of the terminal `fd`; false where it is none.
bool cedit_terminal_size(int fd, int *columns, int *rows);

/// A number that changes with the size of the terminal.
int cedit_terminal_shape(void);

/// The events that wait, which are cleared. `fd` to poll for them is `cedit_event_fd`.
int cedit_take_events(void);
int cedit_event_fd(void);

/// While a line is edited the prompt itself answers Ctrl-Z.
void cedit_set_editing(bool is_editing);

/// Stops the process as Ctrl-Z does, and returns when it goes on.
void cedit_stop_self(void);

/// After half a second a line on the terminal `fd`, dim or not, says that work is going on, until the next
/// `cedit_end_progress`.
void cedit_begin_progress(int fd, bool dim);
void cedit_end_progress(void);
/// Removes the line, because something else is to be written.
void cedit_erase_progress(void);

// The editor (editor.c) ----------------------------------------------------------------------------------------

typedef unsigned char (*cedit_command_fn)(EditLine *, int);
typedef void (*cedit_notice_fn)(EditLine *, int);
typedef const char *(*cedit_history_fn)(void *, int);

/// What the reading of keys tells: no key waits; Ctrl-C; another size of the terminal; on it goes after Ctrl-Z.
enum cedit_notice { CEDIT_IDLE = 1, CEDIT_INTERRUPTED = 2, CEDIT_RESIZED = 3, CEDIT_RESUMED = 4 };

/// An editor on stdin with its own reading of keys. It keeps the text, the cursor and the keys, and draws nothing.
EditLine *cedit_open(void *client, cedit_notice_fn notice);
/// Whether Ctrl-C ended the line that was read last.
bool cedit_line_was_interrupted(void);
void *cedit_client(EditLine *editor);
void cedit_define(EditLine *editor, const char *name, const char *help, cedit_command_fn function);
void cedit_bind(EditLine *editor, const char *key, const char *command);
/// Binds in vi's command mode too.
void cedit_bind_alternate(EditLine *editor, const char *key, const char *command);
/// Runs the lines of `$EDITRC` or `~/.editrc`; `rebind` is called after each that chose vi's or emacs' keys.
void cedit_source(EditLine *editor, void (*rebind)(EditLine *));
bool cedit_is_vi(EditLine *editor);
/// The key that stands for an Escape that nothing follows at once. With vi's keys Escape means something by itself, but
/// it also begins the sequences of arrow keys.
void cedit_set_lone_escape(int32_t key);
/// Sets the terminal's modes for editing now, not only when the first key is waited for.
void cedit_prepare(EditLine *editor);
/// Gives the commands of libedit that look at the history its entries: `next` is called with H_FIRST, H_NEXT, H_PREV, H_LAST or H_CURR.
void cedit_set_history(EditLine *editor, void *client, cedit_history_fn next);

/// Bytes up to the end of a bracketed paste, to be freed; NULL when Ctrl-C came or the input ended.
char *cedit_read_paste(size_t *length);

/// The next key while a command of the editor goes on: a Unicode scalar, 0 at the end of all input, -1 after Ctrl-C.
int32_t cedit_read(EditLine *editor);
/// Takes these bytes if they are the next of those that were read already.
bool cedit_take(const char *bytes);

/// Whether keys wait, or come within a time.
bool cedit_input_comes(int milliseconds);

// Asking the terminal (query.c) --------------------------------------------------------------------------------

/// Asks the terminal something whose last answer is `ESC [ ? … c`, and waits at most so long. Returns how many bytes of
/// answers there are; 0 also where keys wait already. Keys that are typed meanwhile stay typed.
size_t cedit_query(const char *question, int milliseconds, unsigned char *reply, size_t capacity);

/// Takes answers that come late out of bytes that were read, and returns how many remain.
size_t cedit_strip_replies(unsigned char *bytes, size_t count);

/// Gives bytes back, as if they had not been read yet.
void cedit_unread(const unsigned char *bytes, size_t count);

/// Writes all bytes to the terminal.
void cedit_write(const char *bytes, size_t count);

#endif
