// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/race/race_threads.h"

#include <linux/futex.h>
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <climits>
#include <ctime>
#include <string>
#include <thread>

#include "fuzz/target/random.h"
#include "harness/base/file.h"

namespace sklab {
namespace {

constexpr size_t kThreads = 3;
// The turn that is the kernel's: a thread that only takes time from those who wait.
constexpr size_t kNobody = kThreads;
constexpr int kTurnPriority = 10;
constexpr int kSchedulerPriority = 50;
constexpr uint64_t kNsPerS = 1000000000;
// Of the guest's clock.
constexpr uint64_t kMostRoundNs = 20 * kNsPerS;

uint64_t now_ns() {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<uint64_t>(now.tv_sec) * kNsPerS + static_cast<uint64_t>(now.tv_nsec);
}

void set_policy(pid_t thread, int policy, int priority) {
  const sched_param parameters{.sched_priority = priority};
  ::sched_setscheduler(thread, policy, &parameters);
}

// Until the word is another than `value`, or the time has come.
void wait_for_change(const std::atomic<uint32_t> &word, uint32_t value, uint64_t until_ns) {
  const timespec until{static_cast<time_t>(until_ns / kNsPerS),
                       static_cast<long>(until_ns % kNsPerS)};
  ::syscall(SYS_futex, &word, FUTEX_WAIT_BITSET_PRIVATE, value, until_ns == 0 ? nullptr : &until,
            nullptr, FUTEX_BITSET_MATCH_ANY);
}

void wake_all(const std::atomic<uint32_t> &word) {
  ::syscall(SYS_futex, &word, FUTEX_WAKE_PRIVATE, INT_MAX, nullptr, nullptr, 0);
}

// The compiler is to leave it there.
void spin(uint32_t turns) {
  for (uint32_t i = 0; i < turns; ++i) __asm__ volatile("" ::: "memory");
}

}  // namespace

struct RaceThreads::State {
  Perform perform;
  bool one_cpu = true;
  const RacePlan *plan = nullptr;
  std::vector<std::vector<RaceEvent>> events = {};
  std::atomic<uint32_t> round = 0;
  std::atomic<uint32_t> ended = 0;   // threads of this round
  std::atomic<uint32_t> nobody = 0;  // whether it is nobody's turn
  std::atomic<uint64_t> clock = 0;   // counts beginnings and ends of calls
  std::atomic<bool> over = false;
  std::array<std::atomic<pid_t>, kThreads + 1> ids = {};
  std::vector<std::thread> threads = {};

  void make_calls(size_t thread);
  void work(size_t thread);
  void take_time();
  void give_turn(size_t thread);
};

void RaceThreads::State::make_calls(size_t thread) {
  if (thread >= plan->threads.size()) return;
  const auto &calls = plan->threads[thread];
  for (size_t i = 0; i < calls.size(); ++i) {
    RaceEvent &event = events[thread][i];
    spin(calls[i].delay);
    event.began = ++clock;
    event.result = perform(call_place(thread, i), calls[i]);
    event.ended = ++clock;
  }
}

void RaceThreads::State::work(size_t thread) {
  ids[thread] = ::gettid();
  for (uint32_t known = 0;;) {
    wait_for_change(round, known, 0);
    if (over) return;
    if (round == known) continue;
    known = round;
    make_calls(thread);
    if (++ended == kThreads) wake_all(ended);
  }
}

void RaceThreads::State::take_time() {
  ids[kNobody] = ::gettid();
  while (!over) {
    if (nobody == 0) wait_for_change(nobody, 0, 0);
  }
}

void RaceThreads::State::give_turn(size_t thread) {
  for (size_t i = 0; i < kThreads; ++i) {
    // What is idle runs when nobody else wants to: who waits for it still gets what he waits for.
    if (i == thread) {
      set_policy(ids[i], SCHED_FIFO, kTurnPriority);
    } else {
      set_policy(ids[i], SCHED_IDLE, 0);
    }
  }
  nobody = thread == kNobody ? 1 : 0;
  if (nobody == 1) wake_all(nobody);
}

RaceThreads::RaceThreads(std::unique_ptr<State> state) : state_(std::move(state)) {}
RaceThreads::RaceThreads(RaceThreads &&) noexcept = default;

RaceThreads::~RaceThreads() {
  if (!state_) return;
  state_->over = true;
  state_->nobody = 1;
  ++state_->round;
  wake_all(state_->round);
  wake_all(state_->nobody);
  for (std::thread &thread : state_->threads) thread.join();
}

Result<RaceThreads> RaceThreads::start(Perform perform) {
  RaceThreads threads(std::unique_ptr<State>(new State{std::move(perform)}));
  State &state = *threads.state_;
  state.one_cpu = std::thread::hardware_concurrency() == 1;
  for (size_t i = 0; i < kThreads; ++i) {
    state.threads.emplace_back([&state, i] { state.work(i); });
  }
  state.threads.emplace_back([&state] { state.take_time(); });
  for (const auto &id : state.ids) {
    while (id == 0) ::sched_yield();
  }
  if (!state.one_cpu) return threads;
  // Otherwise the kernel takes the CPU from such threads for a twentieth of every second.
  SKLAB_CHECK(append_to_file("/proc/sys/kernel/sched_rt_runtime_us", "-1"));
  set_policy(0, SCHED_FIFO, kSchedulerPriority);
  if (::sched_getscheduler(0) != SCHED_FIFO) return fail("set the priority of", "a thread", errno);
  return threads;
}

Result<std::vector<std::vector<RaceEvent>>> RaceThreads::run(const RacePlan &plan) {
  State &state = *state_;
  constexpr uint64_t kLeastTurnNs = 14000;  // the guest's timer has no shorter ones
  constexpr size_t kMostTurnBits = 7;
  constexpr uint64_t kNobodysTurnNs = 3000000;  // three ticks: RCU gets through
  FuzzRandom random(plan.schedule_seed);
  state.plan = &plan;
  state.events.assign(plan.threads.size(), {});
  for (size_t i = 0; i < plan.threads.size(); ++i) {
    for (const RaceCall &call : plan.threads[i]) state.events[i].push_back({call, 0, 0, {}});
  }
  state.ended = 0;
  const uint64_t began_ns = now_ns();
  if (state.one_cpu) state.give_turn(random.below(plan.threads.size()));
  ++state.round;
  wake_all(state.round);
  for (;;) {
    const uint32_t ended = state.ended;
    if (ended == kThreads) break;
    if (now_ns() - began_ns > kMostRoundNs) {
      return fail_as(ErrorKind::kMismatch, "end a round of", "the race", ETIMEDOUT);
    }
    uint64_t turn_ns = random.below(kLeastTurnNs << random.below(kMostTurnBits));
    if (state.nobody == 1) turn_ns += kNobodysTurnNs;
    wait_for_change(state.ended, ended, now_ns() + turn_ns);
    if (!state.one_cpu) continue;
    constexpr size_t kNobodysShare = 6;
    state.give_turn(random.one_in(kNobodysShare) ? kNobody : random.below(plan.threads.size()));
  }
  state.nobody = 0;
  return state.events;
}

}  // namespace sklab
