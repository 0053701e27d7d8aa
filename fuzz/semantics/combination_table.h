// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "fuzz/semantics/selection_code.h"
#include "harness/model/link_rules.h"
#include "harness/model/rules.h"

namespace sklab {

// What programs have decided so far as a number: the running one's selection, the one remembered,
// dropped, redirected, and above them the position.
using RunStateCode = uint32_t;

// A verdict: the selection, and above it whether to drop.
using VerdictCode = uint16_t;
inline constexpr VerdictCode kVerdictDrops = kSelectionCodes;

// The rules of one combination with the answers they have given: they are pure functions of a small
// state.
class CombinationTable {
 public:
  explicit CombinationTable(const Combination &combination);

  static constexpr unsigned kPositionShift = 2 * kSelectionBits + 2;
  static constexpr SelectionCode running_selection(RunStateCode state) {
    return state & (kSelectionCodes - 1);
  }
  static constexpr RunStateCode with_selection(RunStateCode state, SelectionCode selection) {
    return (state & ~RunStateCode{kSelectionCodes - 1}) | selection;
  }

  // What is decided without programs.
  [[nodiscard]] VerdictCode without_programs() const { return without_programs_; }
  // What the first program starts from.
  [[nodiscard]] RunStateCode start() const { return start_; }
  // What the next program starts from, when one leaves this state and asks for this action.
  RunStateCode step(RunStateCode state, Action action) {
    const uint16_t next = steps_[static_cast<size_t>(action)][state];
    return next != kNotAsked ? next_position(state) | next : ask_step(state, action);
  }
  // What all decide, when the last one does.
  VerdictCode decide(RunStateCode state, Action action) {
    const VerdictCode verdict = verdicts_[static_cast<size_t>(action)][state];
    return verdict != kNotAsked ? verdict : ask_verdict(state, action);
  }

 private:
  static constexpr uint16_t kNotAsked = UINT16_MAX;
  static constexpr RunStateCode kStateMask = (1U << kPositionShift) - 1;
  using Answers = std::vector<uint16_t>;  // by state

  // No rule changes the position.
  static RunStateCode next_position(RunStateCode state) {
    return (state & ~kStateMask) + kStateMask + 1;
  }
  RunStateCode ask_step(RunStateCode state, Action action);
  VerdictCode ask_verdict(RunStateCode state, Action action);

  Combination combination_;
  VerdictCode without_programs_;
  RunStateCode start_;
  std::array<Answers, 3> steps_;     // by Action
  std::array<Answers, 3> verdicts_;  // by Action
};

}  // namespace sklab
