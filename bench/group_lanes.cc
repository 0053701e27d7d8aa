// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "bench/group_lanes.h"

#include <fmt/format.h>

#include <optional>

#include "bench/object_lanes.h"
#include "harness/model/scenario_text.h"

namespace sklab {
namespace {

constexpr size_t kReadableSockets = 16;

std::vector<ScriptedProgram> scripts_of(const RowSpec &row, const Population &population) {
  if (!is_attached_here(row.steering)) return {};
  return {row.programs, script_of(row.steering, population)};
}

LookupsPerIteration lookups_for(const RowSpec &row) {
  // Of eight lookups with caches evicted before, seven would find them warm.
  if (row.caches == Caches::kEvicted) return LookupsPerIteration::kOne;
  return row.role == Role::kUnrolled ? LookupsPerIteration::kSixteen : LookupsPerIteration::kEight;
}

// Requires: one right socket for the packet, if any.
std::string packet_end_of(const Lane &lane, const Population &population) {
  const auto &[packet, mark, other_mark] = lane.expectation.targets.front();
  const Family family = packet.source.address.family;
  switch (lane.spec.fate) {
    case FloodFate::kUntouched:
    case FloodFate::kNotReceived:
      return "";
    case FloodFate::kBadChecksum:
      return end_by_checksum(packet.protocol, family);
    case FloodFate::kLowHopLimit:
      return kEndByHopLimit;
    case FloodFate::kSocket:
      break;
  }
  const auto index = SocketSet::index_of(mark);
  return index ? end_at_socket(population.sockets[*index].name)
               : end_without_socket(packet.protocol, family);
}

// Whether the probe's loop is around what the row measures.
bool has_loop(const RowSpec &row) { return row.path == RowPath::kProbe; }

Result<Lane> make_lane(const RowSpec &row, const GroupSpec &group, const PopulatedNetns &netns,
                       uint64_t seed) {
  Lane lane;
  lane.spec = row;
  lane.per_iteration = lookups_for(row);
  if (row.steering == Steering::kObject) {
    SKLAB_TRY(Program program, Program::shared_with(netns.object->fd()));
    lane.programs.push_back(std::move(program));
  } else if (is_attached_here(row.steering)) {
    SKLAB_TRY(lane.programs, netns.programs.instances(row.steering, row.programs));
  }
  for (const Program &program : lane.programs) {
    SKLAB_TRY(const uint32_t id, program_id(program.fd()));
    lane.program_ids.push_back(id);
  }
  if (group.object) return lane;
  const auto packets = make_packets(row.traffic, group.family, netns.population, seed);
  SKLAB_TRY(lane.expectation, expect(netns.population, scripts_of(row, netns.population), packets));
  if (row.path == RowPath::kFlood) lane.packet_end = packet_end_of(lane, netns.population);
  return lane;
}

bool runs_the_same_way(const Lane &a, const Lane &b) {
  return a.target_count() == b.target_count() && a.per_iteration == b.per_iteration &&
         a.spec.caches == b.spec.caches && a.spec.cpus == b.spec.cpus;
}

Lane empty_loop_for(const Lane &lane) {
  Lane empty;
  empty.is_empty_loop = true;
  empty.per_iteration = lane.per_iteration;
  empty.spec.name = "empty loop";
  empty.spec.caches = lane.spec.caches;
  empty.spec.cpus = lane.spec.cpus;
  empty.expectation.targets = lane.expectation.targets;
  empty.first_target = lane.first_target;
  return empty;
}

}  // namespace

std::optional<size_t> empty_loop_of(const std::vector<Lane> &lanes, const Lane &lane) {
  if (!has_loop(lane.spec)) return std::nullopt;
  for (size_t i = 0; i < lanes.size(); ++i) {
    if (lanes[i].is_empty_loop && runs_the_same_way(lanes[i], lane)) return i;
  }
  return std::nullopt;
}

Result<std::vector<Lane>> make_lanes(const GroupSpec &group, const PopulatedNetns &netns,
                                     Probe &probe, uint64_t seed) {
  std::vector<Lane> lanes;
  for (const RowSpec &row : group.rows) {
    SKLAB_TRY(Lane lane, make_lane(row, group, netns, seed));
    lanes.push_back(std::move(lane));
  }
  if (group.object) SKLAB_CHECK(expect_object_answers(group, netns, lanes));
  uint32_t next_target = 0;
  for (Lane &lane : lanes) {
    lane.first_target = next_target;
    next_target += lane.target_count();
    SKLAB_CHECK(probe.set_targets(lane.expectation.targets, lane.first_target));
  }
  for (size_t i = 0; i < group.rows.size(); ++i) {
    if (!has_loop(lanes[i].spec) || empty_loop_of(lanes, lanes[i])) continue;
    lanes.push_back(empty_loop_for(lanes[i]));
  }
  return lanes;
}

std::string definition_of(const Lane &lane, const Population &population) {
  if (!lane.definition.empty()) return lane.definition;
  Scenario scenario;
  scenario.packet = lane.expectation.targets.front().packet;
  scenario.programs = scripts_of(lane.spec, population);
  const size_t shown =
      population.sockets.size() <= kReadableSockets ? population.sockets.size() : 2;
  scenario.sockets.assign(population.sockets.begin(),
                          population.sockets.begin() + static_cast<ptrdiff_t>(shown));
  std::string text = format_scenario(scenario);
  if (shown < population.sockets.size()) {
    text += fmt::format("# and {} more sockets\n", population.sockets.size() - shown);
  }
  if (lane.target_count() > 1) {
    text += fmt::format("# and {} more packets in turn\n", lane.target_count() - 1);
  }
  if (lane.spec.path == RowPath::kFlood) {
    text += fmt::format("# a flood from {} ports in turn; all packets end at: {}\n", kFloodPorts,
                        lane.packet_end.empty() ? "the program that makes them" : lane.packet_end);
  }
  if (lane.spec.steering == Steering::kForeign) text += "# a program in another netns passes\n";
  return text;
}

}  // namespace sklab
