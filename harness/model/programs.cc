// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/model/programs.h"

#include "harness/model/assign_rules.h"

namespace sklab {
namespace {

void run_program(const Scenario &scenario, const Rules &rules, const ScriptedProgram &program,
                 Selection &selection, std::vector<int> &results) {
  for (const AssignOperation &assign : program.assigns) {
    const SocketSpec *socket = assign.socket ? &scenario.sockets[*assign.socket] : nullptr;
    const int result =
        check_assign(rules, {socket, assign.flags, scenario.packet, selection.socket.has_value()});
    selection = (result == 0 ? rules.selected : rules.not_selected)(assign, selection);
    results.push_back(result);
  }
}

}  // namespace

Decision run_programs(const Scenario &scenario, const Rules &rules, Outcome &outcome) {
  const Combination &combination = rules.combinations[static_cast<size_t>(scenario.dialect)];
  RunState state;
  for (size_t i = 0; i < scenario.programs.size(); ++i) {
    const ScriptedProgram &program = scenario.programs[i];
    state.position = static_cast<unsigned>(i);
    combination.before(state);
    run_program(scenario, rules, program, state.context, outcome.assign_results[i]);
    outcome.run_counts[i] = 1;
    const auto action = rules.action(scenario.dialect, scenario.codes, program.return_code);
    // A valid scenario has no other codes.
    combination.after(state, action.value_or(Action::kPass));
  }
  return combination.decide(state);
}

}  // namespace sklab
