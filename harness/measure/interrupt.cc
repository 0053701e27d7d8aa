// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/measure/interrupt.h"

#include <atomic>
#include <csignal>

namespace sklab {
namespace {

std::atomic<int> first_signal{0};
static_assert(std::atomic<int>::is_always_lock_free, "a signal handler must not wait for a lock");

void on_signal(int signal_number) {
  int none = 0;
  if (first_signal.compare_exchange_strong(none, signal_number)) return;
  // Blocked while its handler runs, so it arrives, and kills, when this one returns.
  std::signal(signal_number, SIG_DFL);
  std::raise(signal_number);
}

}  // namespace

void watch_interrupts() {
  struct sigaction action {};
  action.sa_handler = on_signal;  // without SA_RESTART: a blocking call ends
  sigemptyset(&action.sa_mask);
  for (const int signal_number : {SIGINT, SIGTERM}) {
    struct sigaction previous {};
    ::sigaction(signal_number, nullptr, &previous);
    if (previous.sa_handler != SIG_IGN) ::sigaction(signal_number, &action, nullptr);
  }
}

bool interrupted() { return interrupt_signal() != 0; }

int interrupt_signal() { return first_signal.load(); }

}  // namespace sklab
