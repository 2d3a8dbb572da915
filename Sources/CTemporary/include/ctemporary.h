// The temporary files of this process, whose names a signal that ends it removes. A signal handler may not run Swift.
#ifndef CONVO_CTEMPORARY_H
#define CONVO_CTEMPORARY_H

/// Remembers a file until it is forgotten, and from the first call on answers the signals that end a process; -1 where
/// too many are remembered.
int ctemporary_remember(const char *path);

/// Forgets the file that `ctemporary_remember` gave this number.
void ctemporary_forget(int number);

/// Removes every file that is remembered. A signal handler may call it.
void ctemporary_remove_all(void);

#endif
