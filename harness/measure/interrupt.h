// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Ctrl-C ends a run in good order, with what it has so far; a second one ends it at once.
#pragma once

namespace sklab {

// From now on the first SIGINT or SIGTERM only sets a flag, and makes blocking system calls return
// EINTR; a second of either kills the process as if it was never caught. A signal that was ignored
// stays so, as nohup and shells' background jobs expect. For main(), before it starts threads.
void watch_interrupts();

// Whether a signal came. Safe in any thread and in signal handlers.
bool interrupted();

// The first one that came, 0 for none. A shell shows 128 + this as exit code.
int interrupt_signal();

}  // namespace sklab
