// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/object/object_check.h"

#include <fmt/format.h>

#include "harness/kernel/socket_references.h"

namespace sklab {
namespace {

std::optional<ObjectViolation> first_broken_rule(const ObjectScenario &scenario,
                                                 std::span<const ObjectPacket> packets,
                                                 const std::vector<ObjectObservation> &observed) {
  for (size_t i = 0; i < packets.size(); ++i) {
    // All rules, without making a list of those that do not hold.
    for (const ObjectRule &rule : kObjectRules) {
      if (rule.holds({scenario, packets[i], observed[i]})) continue;
      return ObjectViolation{rule.violation, describe(observed[i], scenario), i};
    }
  }
  return std::nullopt;
}

std::optional<ObjectViolation> first_change(const ObjectScenario &scenario,
                                            const std::vector<ObjectObservation> &first,
                                            const std::vector<ObjectObservation> &second) {
  for (size_t i = 0; i < first.size(); ++i) {
    if (first[i] == second[i]) continue;
    return ObjectViolation{
        kAnswerChanged,
        fmt::format("{}, then {}", describe(first[i], scenario), describe(second[i], scenario)), i};
  }
  return std::nullopt;
}

std::optional<ObjectViolation> wrong_runs(const ObjectScenario &scenario,
                                          std::span<const ObjectPacket> packets,
                                          const ObjectBatch &batch) {
  uint64_t right = 0;
  for (size_t i = 0; i < packets.size(); ++i) {
    if (reaches_hook(scenario, packets[i].packet, batch.observed[i])) ++right;
  }
  if (batch.runs == right) return std::nullopt;
  return ObjectViolation{kWrongRunCount, fmt::format("{} runs, not {}", batch.runs, right),
                         std::nullopt};
}

// That a lookup found what is no socket of the scenario is no failure of the lookup's.
Result<std::optional<ObjectViolation>> violation_of(const Error &error) {
  if (error.kind != ErrorKind::kMismatch) return tl::unexpected(error);
  return ObjectViolation{kUnknownSocketFound, "cannot " + error.message(), std::nullopt};
}

}  // namespace

Result<std::optional<ObjectViolation>> check_object_packets(
    ObjectLab &lab, std::span<const ObjectPacket> packets,
    std::vector<ObjectObservation> &observed) {
  const ObjectScenario &scenario = lab.scenario();
  std::vector<Packet> looked_up;
  looked_up.reserve(packets.size());
  for (const ObjectPacket &packet : packets) looked_up.push_back(packet.packet);
  SKLAB_TRY(const SocketReferences before, read_socket_references(lab.netns()));
  const auto first = lab.observe(looked_up);
  if (!first) return violation_of(first.error());
  const auto second = lab.observe(looked_up);
  if (!second) return violation_of(second.error());
  SKLAB_TRY(const SocketReferences after, read_socket_references(lab.netns()));
  observed.insert(observed.end(), first->observed.begin(), first->observed.end());
  if (auto wrong = first_broken_rule(scenario, packets, first->observed)) return wrong;
  if (auto wrong = first_change(scenario, first->observed, second->observed)) return wrong;
  if (auto wrong = wrong_runs(scenario, packets, *first)) return wrong;
  const std::string difference = describe_difference(before, after);
  if (difference.empty()) return std::optional<ObjectViolation>();
  return std::optional<ObjectViolation>({kReferencesLeft, difference, std::nullopt});
}

}  // namespace sklab
