// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "bench/object_lanes.h"

#include <fmt/format.h>

#include <bit>
#include <map>
#include <utility>

#include "bpf/abi.h"
#include "harness/model/object_rules.h"
#include "harness/model/object_scenario_text.h"
#include "harness/model/scenario_grammar.h"
#include "harness/path/object_observer.h"

namespace sklab {
namespace {

std::vector<ObjectPacket> packets_of(const GroupSpec &group) {
  std::vector<ObjectPacket> packets;
  for (const ObjectPacket &packet : group.object->scenario.packets) {
    if (packet.packet.protocol == group.family.protocol &&
        packet.packet.source.address.family == group.family.client.family) {
      packets.push_back(packet);
    }
  }
  return packets;
}

// The probe takes turns between a power of two of packets. Where there are not as many, each comes
// up at least eight times, so that none is met much more often than another.
constexpr size_t kTurns = 8;

size_t target_count_for(size_t packets) {
  return std::has_single_bit(packets) ? packets : std::bit_ceil(kTurns * packets);
}

// Of a row, so that there is room for all of a group.
constexpr size_t kMostTargets = std::bit_floor(size_t{SKLAB_TUPLES} / kMostObjectRows);
// They are observed at once.
static_assert(kMostTargets <= ObjectObserver::kLargestBatch);

// Why the program's row has no number; "" if it keeps the rules.
std::string violation_of(const GroupSpec &group, const std::vector<ObjectPacket> &packets,
                         const std::vector<ObjectObservation> &observed) {
  const ObjectScenario &scenario = group.object->scenario;
  for (size_t i = 0; i < packets.size(); ++i) {
    const auto violations = violations_of({scenario, packets[i], observed[i]});
    if (violations.empty()) continue;
    return fmt::format("line {}: {}: {}: {}", packets[i].line.number,
                       format_object_packet(packets[i], scenario), violations.front(),
                       describe(observed[i], scenario));
  }
  return {};
}

std::string definition_for(const Lane &lane, const GroupSpec &group,
                           const std::vector<ObjectPacket> &packets) {
  ObjectScenario scenario = group.object->scenario;
  scenario.packets = packets;
  std::string text = format_object_scenario(scenario);
  switch (lane.spec.steering) {
    case Steering::kNone:
      return text + "# no program is attached\n";
    case Steering::kForeign:
      return text + "# a program in another netns passes\n";
    case Steering::kObject:
      // Not which: a gate compares two that do the same.
      return text + "# the object's program is attached\n";
    default:
      return text + "# a program is attached that passes\n";
  }
}

void expect_answers(const std::vector<ObjectPacket> &packets, const ObjectBatch &batch,
                    const ObjectScenario &scenario, Lane &lane) {
  lane.expectation.program_runs.assign(lane.programs.size(), 0);
  const size_t count = target_count_for(packets.size());
  for (size_t i = 0; i < count; ++i) {
    const Packet &packet = packets[i % packets.size()].packet;
    const ObjectObservation &observed = batch.observed[i % packets.size()];
    const auto &socket = lane.spec.steering == Steering::kObject ? observed.found : observed.plain;
    const uint32_t mark = socket ? SocketSet::mark_of(*socket) : 0;
    lane.expectation.targets.push_back({packet, mark, mark});
    if (!reaches_hook(scenario, packet, observed)) continue;
    for (uint64_t &runs : lane.expectation.program_runs) ++runs;
  }
}

}  // namespace

Result<> check_packet_counts(const ObjectScenario &scenario) {
  std::map<std::pair<Protocol, Family>, size_t> counts;
  for (const ObjectPacket &packet : scenario.packets) {
    ++counts[{packet.packet.protocol, packet.packet.source.address.family}];
  }
  for (const auto &[kind, count] : counts) {
    if (target_count_for(count) <= kMostTargets) continue;
    return fail_as(ErrorKind::kUsage, "measure packets of one kind:",
                   fmt::format("{} of {}", count, packet_kind_name(kind.first, kind.second)), 0,
                   fmt::format("up to {} can be, or a power of two up to {}", kMostTargets / kTurns,
                               kMostTargets));
  }
  return Ok{};
}

Result<> expect_object_answers(const GroupSpec &group, const PopulatedNetns &netns,
                               std::vector<Lane> &lanes) {
  const std::vector<ObjectPacket> packets = packets_of(group);
  std::vector<Packet> looked_up;
  looked_up.reserve(packets.size());
  for (const ObjectPacket &packet : packets) looked_up.push_back(packet.packet);
  SKLAB_TRY(ObjectObserver observer, ObjectObserver::create(netns.netns, netns.sockets));
  SKLAB_TRY(const ObjectBatch batch, observer.observe(netns.netns, *netns.object, looked_up));
  for (Lane &lane : lanes) {
    expect_answers(packets, batch, group.object->scenario, lane);
    lane.definition = definition_for(lane, group, packets);
    if (lane.spec.steering != Steering::kObject) continue;
    lane.failure = violation_of(group, packets, batch.observed);
  }
  return Ok{};
}

}  // namespace sklab
