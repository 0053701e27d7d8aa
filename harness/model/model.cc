// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/model/model.h"

#include "harness/model/hashtable_rules.h"
#include "harness/model/programs.h"

namespace sklab {
namespace {

bool decide(Lookup &lookup, DecidedBy by, std::vector<size_t> sockets) {
  lookup.outcome.decided_by = by;
  lookup.outcome.sockets = std::move(sockets);
  return true;
}

// By a socket that may be of a reuseport group, whose program may refuse the packet.
bool decide_by_group(Lookup &lookup, DecidedBy by, size_t socket) {
  auto sockets = lookup.rules.reuseport(lookup.scenario, lookup.arrival, socket);
  const bool refused = sockets.empty();
  return decide(lookup, refused ? DecidedBy::kRefused : by, std::move(sockets));
}

}  // namespace

bool decide_connected(Lookup &lookup) {
  const auto connected = find_connected(lookup.scenario, lookup.rules);
  return connected && decide(lookup, DecidedBy::kConnected, {*connected});
}

bool decide_hook(Lookup &lookup) {
  const Verdict verdict = run_programs(lookup.scenario, lookup.rules, lookup.outcome);
  const Selection &selection = verdict.selection;
  if (!selection.socket) return verdict.drop && decide(lookup, DecidedBy::kRefused, {});
  if (selection.no_reuseport) return decide(lookup, DecidedBy::kHook, {*selection.socket});
  return decide_by_group(lookup, DecidedBy::kHook, *selection.socket);
}

bool decide_hashtable(Lookup &lookup) {
  const auto found = find_unconnected(lookup.scenario, lookup.rules);
  return found && decide_by_group(lookup, DecidedBy::kHashtable, *found);
}

Outcome evaluate(const Scenario &scenario, Arrival arrival, const Rules &rules) {
  Lookup lookup{scenario, arrival, rules, {}};
  lookup.outcome.assign_results.resize(scenario.programs.size());
  lookup.outcome.run_counts.resize(scenario.programs.size(), 0);
  for (const auto stage : rules.stages) {
    if (stage(lookup)) break;
  }
  return std::move(lookup.outcome);
}

}  // namespace sklab
