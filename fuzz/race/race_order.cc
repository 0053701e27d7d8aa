// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/race/race_order.h"

#include <algorithm>
#include <array>
#include <optional>

namespace sklab {
namespace {

constexpr size_t kMostStates = 200000;

// How far a thread has come.
struct ThreadProgress {
  size_t calls = 0;    // that are over
  bool begun = false;  // the next one
  // That its lookup has still to run, or its update or info to go on with.
  std::vector<size_t> links;
  size_t read = 0;  // programs of its result that are explained
};

struct State {
  LinkList links;                   // as lookups run them
  std::vector<size_t> shown;        // programs, as the links themselves say
  std::optional<size_t> in_update;  // the thread that has the lock
  std::array<std::optional<size_t>, kRaceLinks> numbers = {};  // of the links, by slot
  std::vector<ThreadProgress> threads;
};

class Search {
 public:
  explicit Search(const std::vector<std::vector<RaceEvent>> &events) : events_(events) {}

  bool explains(const State &state);
  [[nodiscard]] bool gave_up() const { return states_ > kMostStates; }

 private:
  [[nodiscard]] bool is_over(const State &state) const;
  [[nodiscard]] bool may_begin(const State &state, size_t thread) const;
  [[nodiscard]] bool may_step(const State &state, size_t thread) const;
  // One step of the thread's next call; false if its result says that it was not so.
  bool step(State &state, size_t thread) const;
  bool begin(State &state, size_t thread) const;
  bool run_next(State &state, size_t thread) const;

  const std::vector<std::vector<RaceEvent>> &events_;
  size_t states_ = 0;
};

bool Search::is_over(const State &state) const {
  for (size_t i = 0; i < events_.size(); ++i) {
    if (state.threads[i].calls < events_[i].size()) return false;
  }
  return true;
}

// What ended before this began has been made.
bool Search::may_begin(const State &state, size_t thread) const {
  const RaceEvent &event = events_[thread][state.threads[thread].calls];
  for (size_t i = 0; i < events_.size(); ++i) {
    const size_t next = state.threads[i].calls;
    if (next < events_[i].size() && events_[i][next].ended < event.began) return false;
  }
  return true;
}

// A program's id goes before its memory does (bpf_prog_free_id in bpf_prog_put_deferred), so one
// that nobody else holds may have none any more when it is read.
bool is_read(size_t program, size_t read) {
  return program == read || (read == kGoneProgram && program >= kFirstFreshProgram);
}

// Lookups take no lock, nor does the first part of info.
bool takes_lock(const RaceEvent &event, bool begun) {
  if (event.call.kind == RaceCallKind::kLookUp) return false;
  return event.call.kind != RaceCallKind::kInfo || begun;
}

int update(State &state, const RaceCall &call, size_t program) {
  const bool expects =
      call.kind == RaceCallKind::kReplace || call.kind == RaceCallKind::kReplaceFresh;
  LinkUpdate update{{program, true}, std::nullopt};
  if (expects) update.expected = LinkedProgram{call.expected, true};
  return state.links.update(*state.numbers[call.link], update);
}

bool Search::may_step(const State &state, size_t thread) const {
  const ThreadProgress &progress = state.threads[thread];
  const bool is_locked = state.in_update && state.in_update != thread;
  if (is_locked && takes_lock(events_[thread][progress.calls], progress.begun)) return false;
  return progress.begun || may_begin(state, thread);
}

bool Search::begin(State &state, size_t thread) const {
  ThreadProgress &progress = state.threads[thread];
  const RaceEvent &event = events_[thread][progress.calls];
  const RaceCall &call = event.call;
  const size_t fresh = kFirstFreshProgram + call_place(thread, progress.calls);
  progress.begun = true;
  switch (call.kind) {
    case RaceCallKind::kAttach: {
      const size_t number = state.links.count();
      if (state.links.attach({call.program, true}) != event.result.error) return false;
      if (event.result.error != 0) return true;
      state.numbers[call.link] = number;
      state.shown.push_back(call.program);
      return true;
    }
    case RaceCallKind::kUpdate:
    case RaceCallKind::kReplace:
    case RaceCallKind::kUpdateFresh:
    case RaceCallKind::kReplaceFresh: {
      const bool is_fresh =
          call.kind == RaceCallKind::kUpdateFresh || call.kind == RaceCallKind::kReplaceFresh;
      if (update(state, call, is_fresh ? fresh : call.program) != event.result.error) return false;
      if (event.result.error != 0) return true;
      progress.links = {*state.numbers[call.link]};
      state.in_update = thread;
      return true;
    }
    case RaceCallKind::kDetach:
      return state.links.detach(*state.numbers[call.link]) == event.result.error;
    case RaceCallKind::kQuery:
      return state.links.programs() == event.result.programs;
    case RaceCallKind::kInfo:
      progress.links = {*state.numbers[call.link]};
      return is_read(state.shown[*state.numbers[call.link]], event.result.programs.front());
    case RaceCallKind::kLookUp:
      progress.links = state.links.order();
      progress.read = 0;
      return true;
    default:
      return false;
  }
}

bool Search::run_next(State &state, size_t thread) const {
  ThreadProgress &progress = state.threads[thread];
  const RaceEvent &event = events_[thread][progress.calls];
  const size_t number = progress.links.front();
  const LinkState &link = state.links.link(number);
  progress.links.erase(progress.links.begin());
  if (state.in_update == thread) {
    state.shown[number] = link.program.number;
    state.in_update.reset();
    return true;
  }
  if (event.call.kind == RaceCallKind::kInfo) return link.attached == event.result.attached;
  if (link.program.number >= kFirstFreshProgram) return true;
  return progress.read < event.result.programs.size() &&
         event.result.programs[progress.read++] == link.program.number;
}

bool Search::step(State &state, size_t thread) const {
  ThreadProgress &progress = state.threads[thread];
  const RaceEvent &event = events_[thread][progress.calls];
  if (!(progress.begun ? run_next(state, thread) : begin(state, thread))) return false;
  if (!progress.links.empty()) return true;
  const bool is_lookup = event.call.kind == RaceCallKind::kLookUp;
  if (is_lookup && progress.read != event.result.programs.size()) return false;
  progress = {progress.calls + 1, false, {}, 0};
  return true;
}

bool Search::explains(const State &state) {
  if (is_over(state)) return true;
  for (size_t i = 0; i < events_.size(); ++i) {
    if (state.threads[i].calls == events_[i].size()) continue;
    if (!may_step(state, i)) continue;
    if (++states_ > kMostStates) return false;
    State next = state;
    if (step(next, i) && explains(next)) return true;
  }
  return false;
}

}  // namespace

RaceOrder find_race_order(const RacePlan &plan, const std::vector<std::vector<RaceEvent>> &events,
                          const LinkRules &rules) {
  State state{
      LinkList(rules), plan.links, std::nullopt, {}, std::vector<ThreadProgress>(events.size())};
  for (size_t i = 0; i < plan.links.size(); ++i) {
    state.links.attach({plan.links[i], true});
    state.numbers[i] = i;
  }
  Search search(events);
  if (search.explains(state)) return RaceOrder::kFound;
  return search.gave_up() ? RaceOrder::kUnknown : RaceOrder::kNone;
}

}  // namespace sklab
