// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/semantics/combination_table.h"

namespace sklab {
namespace {

constexpr RunStateCode kDropped = 1U << (2 * kSelectionBits);
constexpr RunStateCode kRedirected = kDropped << 1;

RunState decode_state(RunStateCode code) {
  return {decode_selection(CombinationTable::running_selection(code)),
          decode_selection((code >> kSelectionBits) & (kSelectionCodes - 1)),
          (code & kDropped) != 0, (code & kRedirected) != 0,
          code >> CombinationTable::kPositionShift};
}

// Without the position.
uint16_t encode_state(const RunState &state) {
  return static_cast<uint16_t>(
      encode_selection(state.context) | encode_selection(state.remembered) << kSelectionBits |
      (state.dropped ? kDropped : 0) | (state.redirected ? kRedirected : 0));
}

VerdictCode encode_verdict(const Decision &verdict) {
  return static_cast<VerdictCode>(encode_selection(verdict.selection) |
                                  (verdict.drop ? kVerdictDrops : 0));
}

RunState state_after(const Combination &combination, RunStateCode code, Action action) {
  RunState state = decode_state(code);
  combination.after(state, action);
  return state;
}

}  // namespace

CombinationTable::CombinationTable(const Combination &combination) : combination_(combination) {
  constexpr size_t kStates = kMaxLinks << kPositionShift;
  for (Answers &answers : steps_) answers.assign(kStates, kNotAsked);
  for (Answers &answers : verdicts_) answers.assign(kStates, kNotAsked);
  RunState state;
  without_programs_ = encode_verdict(combination.decide(state));
  combination.before(state);
  start_ = encode_state(state);
}

RunStateCode CombinationTable::ask_step(RunStateCode state, Action action) {
  RunState after = state_after(combination_, state, action);
  ++after.position;
  combination_.before(after);
  uint16_t &next = steps_[static_cast<size_t>(action)][state];
  next = encode_state(after);
  return next_position(state) | next;
}

VerdictCode CombinationTable::ask_verdict(RunStateCode state, Action action) {
  VerdictCode &answer = verdicts_[static_cast<size_t>(action)][state];
  answer = encode_verdict(combination_.decide(state_after(combination_, state, action)));
  return answer;
}

}  // namespace sklab
