// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/race/race_threads.h"

#include <fmt/format.h>
#include <linux/futex.h>
#include <poll.h>
#include <sched.h>
#include <sys/eventfd.h>
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
#include "harness/base/unique_fd.h"

namespace sklab {
namespace {

// The turn that is the kernel's: a thread that only takes time from those who wait.
constexpr size_t kNobody = kRaceThreads;
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

// Until the word is another than `value`.
void wait_for_change(const std::atomic<uint32_t> &word, uint32_t value) {
  ::syscall(SYS_futex, &word, FUTEX_WAIT_PRIVATE, value, nullptr, nullptr, 0);
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
  RacePlan plan = {};  // of its own: threads may be at it still when a round is given up
  std::vector<std::vector<RaceEvent>> events = {};
  std::atomic<uint32_t> round = 0;
  UniqueFd all_ended = UniqueFd(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  std::atomic<uint32_t> ended = 0;   // threads of this round
  std::atomic<uint32_t> nobody = 0;  // whether it is nobody's turn
  std::atomic<uint64_t> clock = 0;   // counts beginnings and ends of calls
  std::atomic<bool> over = false;
  std::array<std::atomic<pid_t>, kRaceThreads + 1> ids = {};
  std::vector<std::thread> threads = {};

  void make_calls(size_t thread);
  void work(size_t thread);
  void take_time();
  void give_turn(size_t thread);
  void begin(const RacePlan &next);
  bool wait(uint64_t turn_ns, RaceStops *stops) const;
  [[nodiscard]] std::string where_all_are() const;
};

void RaceThreads::State::make_calls(size_t thread) {
  if (thread >= plan.threads.size()) return;
  const auto &calls = plan.threads[thread];
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
    wait_for_change(round, known);
    if (over) return;
    if (round == known) continue;
    known = round;
    make_calls(thread);
    if (++ended == kRaceThreads) ::eventfd_write(all_ended.get(), 1);
  }
}

void RaceThreads::State::take_time() {
  ids[kNobody] = ::gettid();
  while (!over) {
    if (nobody == 0) wait_for_change(nobody, 0);
  }
}

void RaceThreads::State::give_turn(size_t thread) {
  for (size_t i = 0; i < kRaceThreads; ++i) {
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
  std::unique_ptr<State> owned(new State{std::move(perform)});
  State &state = *owned;
  RaceThreads threads(std::move(owned));
  state.one_cpu = std::thread::hardware_concurrency() == 1;
  for (size_t i = 0; i < kRaceThreads; ++i) {
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

void RaceThreads::State::begin(const RacePlan &next) {
  plan = next;
  events.assign(next.threads.size(), {});
  for (size_t i = 0; i < next.threads.size(); ++i) {
    for (const RaceCall &call : next.threads[i]) events[i].push_back({call, 0, 0, {}});
  }
  ended = 0;
}

// By the functions of the kernel that each thread is in, innermost first.
std::string RaceThreads::State::where_all_are() const {
  std::string text = fmt::format("{} of {} threads are over;", ended.load(), kRaceThreads);
  for (size_t i = 0; i < kRaceThreads; ++i) {
    const auto stack = read_file(fmt::format("/proc/self/task/{}/stack", ids[i].load()));
    std::string functions = stack ? *stack : "";
    std::replace(functions.begin(), functions.end(), '\n', ' ');
    text += fmt::format(" thread {}: {}", i, functions);
  }
  return text;
}

// Until the turn is over, all threads have ended, or somebody came by a stop: whether somebody did.
bool RaceThreads::State::wait(uint64_t turn_ns, RaceStops *stops) const {
  std::array<pollfd, 2> fds{{{all_ended.get(), POLLIN, 0}, {-1, POLLIN, 0}}};
  if (stops != nullptr) fds[1].fd = stops->fd();
  const timespec turn{static_cast<time_t>(turn_ns / kNsPerS), static_cast<long>(turn_ns % kNsPerS)};
  ::ppoll(fds.data(), fds.size(), &turn, nullptr);
  return stops != nullptr && (fds[1].revents & POLLIN) != 0 && stops->take() > 0;
}

// Whose turn it is, one after the other.
class Turns {
 public:
  Turns(size_t threads, uint64_t seed) : threads_(threads), random_(seed) {}

  struct Turn {
    size_t thread = kNobody;
    uint64_t length_ns = 0;
  };
  // `stopped`: whose turn it was was stopped in the middle of a call.
  Turn next(bool stopped);
  FuzzRandom &random() { return random_; }

 private:
  [[nodiscard]] size_t any_but_held();

  size_t threads_;
  FuzzRandom random_;
  size_t current_ = kNobody;
  size_t held_ = kNobody;  // who is not to go on before others have had `turns_left_`
  size_t turns_left_ = 0;
};

size_t Turns::any_but_held() {
  const size_t chosen = random_.below(threads_);
  return chosen == held_ ? (chosen + 1) % threads_ : chosen;
}

Turns::Turn Turns::next(bool stopped) {
  constexpr uint64_t kLeastNs = 14000;  // the guest's timer has no shorter ones
  constexpr size_t kMostBits = 7;
  constexpr uint64_t kNobodysNs = 1000000;
  // Some ticks: RCU's callbacks are called, and workers free things.
  constexpr uint64_t kUntilFreedNs = 7000000;
  constexpr size_t kNobodysShare = 6;
  constexpr size_t kMostHeld = 6;
  if (stopped && turns_left_ == 0 && current_ != kNobody && random_.one_in(2)) {
    held_ = current_;
    turns_left_ = 2 + random_.below(kMostHeld - 1);
  }
  Turn turn;
  turn.length_ns = random_.below(kLeastNs << random_.below(kMostBits));
  // What the others did to it is complete before the one that was held goes on.
  const bool is_last_of_held = turns_left_ == 1;
  if (turns_left_ > 0) {
    --turns_left_;
    turn.length_ns += kLeastNs << random_.below(kMostBits);
  } else {
    held_ = kNobody;
  }
  const bool is_nobodys = is_last_of_held || random_.one_in(kNobodysShare);
  turn.thread = is_nobodys ? kNobody : any_but_held();
  if (is_nobodys) turn.length_ns += is_last_of_held ? kUntilFreedNs : kNobodysNs;
  current_ = turn.thread;
  return turn;
}

Result<std::vector<std::vector<RaceEvent>>> RaceThreads::run(const RacePlan &plan,
                                                             RaceStops *stops) {
  State &state = *state_;
  Turns turns(plan.threads.size(), plan.schedule_seed);
  state.begin(plan);
  const uint64_t began_ns = now_ns();
  Turns::Turn turn = turns.next(false);
  if (state.one_cpu) state.give_turn(turn.thread);
  if (stops != nullptr) stops->arm(turns.random());
  ++state.round;
  wake_all(state.round);
  // The last thread to end says so: that is waited for, as it may be stopped before it does.
  eventfd_t all = 0;
  while (::eventfd_read(state.all_ended.get(), &all) != 0) {
    if (now_ns() - began_ns > kMostRoundNs) {
      return fail_as(ErrorKind::kMismatch, "end a round of", "the race", 0, state.where_all_are());
    }
    const bool stopped = state.wait(turn.length_ns, stops);
    if (!state.one_cpu) continue;
    turn = turns.next(stopped);
    state.give_turn(turn.thread);
  }
  if (stops != nullptr) stops->disarm();
  state.nobody = 0;
  return state.events;
}

}  // namespace sklab
