// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/model/outcome.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

namespace sklab {
namespace {

constexpr std::array<const char *, 5> kDecidedBy = {"connected", "hook", "refused", "hashtable",
                                                    "nothing"};

std::string socket_name(size_t index, const Scenario &scenario) {
  // An observation may name a socket that the scenario does not have.
  return index < scenario.sockets.size() ? scenario.sockets[index].name : fmt::format("#{}", index);
}

std::string describe_programs(const std::vector<uint64_t> &run_counts,
                              const std::vector<std::vector<int>> &assign_results) {
  std::string text = fmt::format("runs={} assigns=", fmt::join(run_counts, ","));
  for (const auto &results : assign_results) text += fmt::format("[{}]", fmt::join(results, ","));
  return text;
}

}  // namespace

bool allows(const Outcome &expected, const Observation &observed) {
  const auto &allowed = expected.sockets;
  const bool socket_is_right =
      observed.socket ? std::find(allowed.begin(), allowed.end(), *observed.socket) != allowed.end()
                      : allowed.empty();
  return socket_is_right && observed.in_order &&
         expected.assign_results == observed.assign_results &&
         expected.run_counts == observed.run_counts;
}

std::string describe(const Outcome &outcome, const Scenario &scenario) {
  std::vector<std::string> names;
  for (const size_t index : outcome.sockets) names.push_back(socket_name(index, scenario));
  if (names.empty()) names.emplace_back("none");
  return fmt::format("socket={} by={} {}", fmt::join(names, "|"),
                     kDecidedBy[static_cast<size_t>(outcome.decided_by)],
                     describe_programs(outcome.run_counts, outcome.assign_results));
}

std::string describe(const Observation &observation, const Scenario &scenario) {
  return fmt::format(
      "socket={} {}{}",
      observation.socket ? socket_name(*observation.socket, scenario) : std::string("none"),
      describe_programs(observation.run_counts, observation.assign_results),
      observation.in_order ? "" : " out of order");
}

}  // namespace sklab
