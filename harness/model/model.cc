// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/model/model.h"

#include "harness/model/hashtable_rules.h"
#include "harness/model/programs.h"

namespace sklab {
namespace {

bool decide(Lookup &lookup, DecidedBy by) {
  lookup.outcome.decided_by = by;
  return true;
}

bool decide(Lookup &lookup, DecidedBy by, size_t socket) {
  lookup.outcome.sockets.push_back(socket);
  return decide(lookup, by);
}

// By a socket that may be of a reuseport group, whose program may refuse the packet.
bool decide_by_group(Lookup &lookup, DecidedBy by, size_t socket) {
  auto &sockets = lookup.outcome.sockets;
  lookup.rules.reuseport(lookup.scenario, lookup.arrival, socket, sockets);
  return decide(lookup, sockets.empty() ? DecidedBy::kRefused : by);
}

// Empty, but with the memory that it has.
void clear(Outcome &outcome, size_t programs) {
  outcome.decided_by = DecidedBy::kNothing;
  outcome.sockets.clear();
  outcome.assign_results.resize(programs);
  for (std::vector<int> &results : outcome.assign_results) results.clear();
  outcome.run_counts.assign(programs, 0);
}

}  // namespace

bool decide_connected(Lookup &lookup) {
  const auto connected = find_connected(lookup.scenario, lookup.rules);
  return connected && decide(lookup, DecidedBy::kConnected, *connected);
}

bool decide_hook(Lookup &lookup) {
  const Decision verdict = run_programs(lookup.scenario, lookup.rules, lookup.outcome);
  const Selection &selection = verdict.selection;
  if (!selection.socket) return verdict.drop && decide(lookup, DecidedBy::kRefused);
  if (selection.no_reuseport) return decide(lookup, DecidedBy::kHook, *selection.socket);
  return decide_by_group(lookup, DecidedBy::kHook, *selection.socket);
}

bool decide_hashtable(Lookup &lookup) {
  const auto found = find_unconnected(lookup.scenario, lookup.rules);
  return found && decide_by_group(lookup, DecidedBy::kHashtable, *found);
}

void evaluate_into(const Scenario &scenario, Arrival arrival, const Rules &rules,
                   Outcome &outcome) {
  clear(outcome, scenario.programs.size());
  Lookup lookup{scenario, arrival, rules, outcome};
  for (const auto stage : rules.stages) {
    if (stage(lookup)) break;
  }
}

Outcome evaluate(const Scenario &scenario, Arrival arrival, const Rules &rules) {
  Outcome outcome;
  evaluate_into(scenario, arrival, rules, outcome);
  return outcome;
}

}  // namespace sklab
