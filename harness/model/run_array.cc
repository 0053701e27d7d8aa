// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/model/run_array.h"

#include "harness/model/assign_rules.h"

namespace sklab {
namespace {

struct Selection {
  std::optional<size_t> socket;
  bool no_reuseport = false;
};

std::vector<int> run_program(const Scenario &scenario, const ScriptedProgram &program,
                             Selection &selection) {
  std::vector<int> results;
  for (const AssignOperation &assign : program.assigns) {
    const SocketSpec *socket = assign.socket ? &scenario.sockets[*assign.socket] : nullptr;
    const int result =
        check_assign(socket, assign.flags, scenario.packet, selection.socket.has_value());
    // A failed assign leaves everything as it was.
    if (result == 0) selection = {assign.socket, (assign.flags & kAssignNoReuseport) != 0};
    results.push_back(result);
  }
  return results;
}

}  // namespace

Verdict run_programs(const Scenario &scenario) {
  Verdict verdict;
  Selection remembered;
  bool any_drop = false;
  for (const ScriptedProgram &program : scenario.programs) {
    Selection selection = remembered;
    verdict.assign_results.push_back(run_program(scenario, program, selection));
    if (program.return_code == kSkPass) {
      // A program that clears the selection does not clear what was remembered.
      if (selection.socket) remembered = selection;
    } else {
      any_drop = true;
    }
  }
  verdict.socket = remembered.socket;
  verdict.no_reuseport = remembered.no_reuseport;
  verdict.drop = any_drop && !remembered.socket;
  return verdict;
}

}  // namespace sklab
