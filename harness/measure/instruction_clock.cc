// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/measure/instruction_clock.h"

#include <fcntl.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <ctime>
#include <string>
#include <string_view>

namespace sklab {
namespace {

constexpr int kMostTries = 100;

// Executes two instructions a turn.
void run_loop(uint64_t turns) { asm volatile("1: dec %0\n\tjnz 1b" : "+r"(turns) : : "cc"); }

tl::unexpected<Error> unavailable(const char *why) {
  return fail_as(ErrorKind::kUnavailable, "count instructions", "", 0,
                 std::string(why) + ": choose a guest, as in --target guest:6.12");
}

}  // namespace

uint64_t InstructionClock::interrupts() const {
  // "intr TOTAL ..." counts those of all kinds, the local timer's too (fs/proc/stat.c,
  // show_stat()). One processor's numbers and this line's beginning fit.
  std::string text(4096, '\0');
  const ssize_t size = ::pread(statistics_.get(), text.data(), text.size(), 0);
  const std::string_view whole(text.data(), size > 0 ? static_cast<size_t>(size) : 0);
  constexpr std::string_view kName = "\nintr ";
  const size_t line = whole.find(kName);
  uint64_t total = 0;
  if (line != std::string_view::npos) {
    std::from_chars(whole.data() + line + kName.size(), whole.data() + whole.size(), total);
  }
  return total;
}

void InstructionClock::begin() {
  interrupts_before_ = interrupts();
  start_ = now();
}

std::optional<uint64_t> InstructionClock::end() {
  const uint64_t instructions = now() - start_;
  if (interrupts() != interrupts_before_) return std::nullopt;
  return instructions;
}

Result<> InstructionClock::compare_clocks() {
  // An idle emulator's clock jumps, so this takes no time.
  constexpr timespec kPause{1, 0};
  // What the reading of one clock after the other may differ by: a ten-millionth of the pause.
  constexpr int64_t kTolerance = 100;
  const auto monotonic_ns = [] {
    timespec time{};
    ::clock_gettime(CLOCK_MONOTONIC, &time);
    return int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
  };
  std::array<int64_t, 2> apart{};
  for (int tries = 0; tries < kMostTries; ++tries) {
    for (int64_t &each : apart) {
      each = monotonic_ns() - static_cast<int64_t>(now());
      if (&each == apart.data()) ::nanosleep(&kPause, nullptr);
    }
    if (std::abs(apart[1] - apart[0]) <= kTolerance) return Ok{};
  }
  return unavailable("the kernel's clock does not go with its instructions");
}

Result<> InstructionClock::try_counter() {
  constexpr uint64_t kTurns = 10000;
  std::optional<uint64_t> counts[2];
  for (int tries = 0; tries < kMostTries; ++tries) {
    for (const uint64_t times : {1, 2}) {
      begin();
      run_loop(times * kTurns);
      counts[times - 1] = end();
    }
    if (counts[0] && counts[1] && *counts[1] - *counts[0] == 2 * kTurns) return Ok{};
  }
  return unavailable("this machine's clock does not");
}

Result<InstructionClock> InstructionClock::open() {
  UniqueFd statistics(::open("/proc/stat", O_RDONLY | O_CLOEXEC));
  if (!statistics.valid()) return fail("open", "/proc/stat", errno);
  InstructionClock clock(std::move(statistics));
  // A machine of so many processors is no such emulator.
  if (clock.interrupts() == 0) return unavailable("its interrupts cannot be counted");
  SKLAB_CHECK(clock.try_counter());
  SKLAB_CHECK(compare_clocks());
  return clock;
}

}  // namespace sklab
