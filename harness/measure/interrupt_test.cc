// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Signals and their flag belong to the process, so each case has a process of its own.
#include "harness/measure/interrupt.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <ctime>

namespace sklab {
namespace {

using testing::ExitedWithCode;
using testing::KilledBySignal;

constexpr int kSignals[] = {SIGINT, SIGTERM};

[[noreturn]] void exit_with_state() { std::_Exit(interrupted() ? interrupt_signal() : 0); }

TEST(Interrupt, NothingAtFirst) {
  EXPECT_EXIT({ exit_with_state(); }, ExitedWithCode(0), "");
  EXPECT_EXIT(
      {
        watch_interrupts();
        exit_with_state();
      },
      ExitedWithCode(0), "");
}

TEST(Interrupt, FirstSignalIsRemembered) {
  for (const int first : kSignals) {
    EXPECT_EXIT(
        {
          watch_interrupts();
          std::raise(first);
          exit_with_state();
        },
        ExitedWithCode(first), "");
  }
}

TEST(Interrupt, SecondSignalKillsWhicheverItIs) {
  for (const int first : kSignals) {
    for (const int second : kSignals) {
      EXPECT_EXIT(
          {
            watch_interrupts();
            std::raise(first);
            std::raise(second);
            std::_Exit(0);
          },
          KilledBySignal(second), "");
    }
  }
}

TEST(Interrupt, OtherSignalsAreNotCaught) {
  EXPECT_EXIT(
      {
        watch_interrupts();
        std::raise(SIGHUP);
        std::_Exit(0);
      },
      KilledBySignal(SIGHUP), "");
}

TEST(Interrupt, IgnoredSignalStaysIgnored) {
  EXPECT_EXIT(
      {
        std::signal(SIGINT, SIG_IGN);
        watch_interrupts();
        std::raise(SIGINT);
        std::raise(SIGINT);
        exit_with_state();
      },
      ExitedWithCode(0), "");
}

// Sends the signal from outside, in 0.1 s.
void raise_soon(int signal_number) {
  sigevent event{};
  event.sigev_notify = SIGEV_SIGNAL;
  event.sigev_signo = signal_number;
  timer_t timer = nullptr;
  const itimerspec soon{{0, 0}, {0, 100'000'000}};
  if (::timer_create(CLOCK_MONOTONIC, &event, &timer) == 0) {
    ::timer_settime(timer, 0, &soon, nullptr);
  }
}

// Reads from a pipe that nobody writes to; returns the errno.
int read_endlessly() {
  int ends[2];
  char byte = 0;
  if (::pipe(ends) != 0 || ::read(ends[0], &byte, 1) >= 0) return 0;
  return errno;
}

TEST(Interrupt, EndsABlockingCall) {
  for (const int first : kSignals) {
    EXPECT_EXIT(
        {
          watch_interrupts();
          raise_soon(first);
          ::alarm(10);  // kills if the read was restarted
          if (read_endlessly() != EINTR) std::_Exit(1);
          exit_with_state();
        },
        ExitedWithCode(first), "");
  }
}

}  // namespace
}  // namespace sklab
