// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/model/combination_rules.h"

namespace sklab {
namespace {

void share_context(RunState & /*state*/) {}

void start_from_remembered(RunState &state) { state.context = state.remembered; }

void note_action(RunState &state, Action action) {
  if (action == Action::kDrop) state.dropped = true;
  if (action == Action::kRedirect) state.redirected = true;
}

void remember_if_passed(RunState &state, Action action) {
  note_action(state, action);
  if (action == Action::kPass && state.context.socket) state.remembered = state.context;
}

Decision decide_by_redirect(const RunState &state) {
  if (!state.redirected) return {{}, state.dropped};
  return {state.context.socket ? state.context : Selection{}, false};
}

Decision decide_by(const Selection &selection, bool dropped) {
  if (selection.socket) return {selection, false};
  return {{}, dropped};
}

Decision decide_by_context(const RunState &state) {
  return decide_by(state.context, state.dropped);
}

Decision decide_by_remembered(const RunState &state) {
  return decide_by(state.remembered, state.dropped);
}

}  // namespace

Combination redirect_combination() { return {share_context, note_action, decide_by_redirect}; }
Combination ok_drop_combination() { return {share_context, note_action, decide_by_context}; }
Combination pass_drop_combination() {
  return {start_from_remembered, remember_if_passed, decide_by_remembered};
}

}  // namespace sklab
