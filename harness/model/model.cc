// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/model/model.h"

#include "harness/model/hashtable_rules.h"
#include "harness/model/run_array.h"

namespace sklab {
namespace {

Outcome outcome_of_connected(const Scenario &scenario, size_t socket) {
  Outcome outcome;
  outcome.decided_by = DecidedBy::kConnected;
  outcome.sockets = {socket};
  outcome.assign_results.resize(scenario.programs.size());
  outcome.run_counts.resize(scenario.programs.size(), 0);
  return outcome;
}

}  // namespace

Outcome evaluate(const Scenario &scenario) {
  if (const auto connected = find_connected(scenario)) {
    return outcome_of_connected(scenario, *connected);
  }
  Verdict verdict = run_programs(scenario);
  Outcome outcome;
  outcome.assign_results = std::move(verdict.assign_results);
  outcome.run_counts.resize(scenario.programs.size(), 1);
  if (verdict.socket) {
    outcome.decided_by = DecidedBy::kHook;
    outcome.sockets = verdict.no_reuseport ? std::vector<size_t>{*verdict.socket}
                                           : reuseport_choices(scenario, *verdict.socket);
  } else if (verdict.drop) {
    outcome.decided_by = DecidedBy::kRefused;
  } else {
    outcome.sockets = find_unconnected(scenario);
    outcome.decided_by = outcome.sockets.empty() ? DecidedBy::kNothing : DecidedBy::kHashtable;
  }
  return outcome;
}

}  // namespace sklab
