// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "bench/flood_rows.h"

#include <fmt/format.h>

#include <array>

namespace sklab {
namespace {

using S = Steering;

constexpr size_t kMorePrograms = 8;
// So that the four groups take two minutes with what is around them.
constexpr double kGroupSeconds = 26;

// Titles continue "a packet, ...".
struct FloodRowSpec {
  const char *name;
  const char *reference;
  const char *title;
  FloodFate fate = FloodFate::kSocket;
  S steering = S::kNone;
  unsigned programs = 1;
  Role role = Role::kRow;
};

constexpr char kBase[] = "key_off";

constexpr std::array kRows = {
    FloodRowSpec{kBase, "", "no sk_lookup program on the machine"},
    FloodRowSpec{"key_off_control", kBase, "key_off once more: A/A control", FloodFate::kSocket,
                 S::kNone, 1, Role::kControl},
    FloodRowSpec{"key_off_double", "", "self-check: batches twice as long", FloodFate::kSocket,
                 S::kNone, 1, Role::kDouble},
    FloodRowSpec{"untouched", kBase, "thrown away as it is: memory and a program, as a driver has",
                 FloodFate::kUntouched},
    FloodRowSpec{"not_received", kBase, "only made, and thrown away by who made it",
                 FloodFate::kNotReceived},
    FloodRowSpec{"before_lookup", kBase, "refused right before the lookup: a wrong checksum",
                 FloodFate::kBadChecksum},
    FloodRowSpec{"after_lookup", "before_lookup",
                 "refused right after the lookup: too few hops left", FloodFate::kLowHopLimit},
    FloodRowSpec{"key_on_foreign", kBase, "a program in another netns only: the static key is on",
                 FloodFate::kSocket, S::kForeign},
    FloodRowSpec{"pass", kBase, "a program that returns SK_PASS", FloodFate::kSocket, S::kPass},
    FloodRowSpec{"series", kBase, "the series': 2 LPM lookups, a hash, a SOCKMAP, assign",
                 FloodFate::kSocket, S::kSeries},
    FloodRowSpec{"assign_sockmap", kBase, "assign another socket from a SOCKMAP",
                 FloodFate::kSocket, S::kAssignSockmap},
    FloodRowSpec{"drop", kBase, "a program that returns SK_DROP: the sender is told",
                 FloodFate::kSocket, S::kDrop},
    FloodRowSpec{"programs_8", kBase, "8 different programs that return SK_PASS",
                 FloodFate::kSocket, S::kPass, kMorePrograms}};

RowSpec flood_row(const std::string &table, const FloodRowSpec &flood) {
  RowSpec row;
  row.name = fmt::format("{}/{}", table, flood.name);
  row.title = flood.title;
  if (*flood.reference != '\0') row.reference = fmt::format("{}/{}", table, flood.reference);
  row.steering = flood.steering;
  row.programs = flood.programs;
  row.role = flood.role;
  row.path = RowPath::kFlood;
  row.fate = flood.fate;
  row.quick = true;
  return row;
}

// The same lookup without a packet.
RowSpec probe_row(const RowSpec &flood) {
  RowSpec row = flood;
  row.name = probe_row_of(flood.name);
  if (!flood.reference.empty()) row.reference = probe_row_of(flood.reference);
  row.path = RowPath::kProbe;
  return row;
}

GroupSpec flood_group(const FamilyCase &family) {
  const std::string table = family.name + "_flood";
  GroupSpec group{table, as_host(family), {PopulationKind::kSpread, 1}, kGroupSeconds, false, {}};
  group.flood = true;
  for (const FloodRowSpec &flood : kRows) {
    // UDP has nothing to refuse a packet by between lookup and socket.
    if (flood.fate == FloodFate::kLowHopLimit && family.protocol != Protocol::kTcp) continue;
    group.rows.push_back(flood_row(table, flood));
  }
  const std::vector<RowSpec> floods = group.rows;
  for (const RowSpec &row : floods) {
    if (row.role != Role::kRow || row.fate != FloodFate::kSocket) continue;
    group.rows.push_back(probe_row(row));
  }
  return group;
}

}  // namespace

std::string RowSpec::reason_to_skip(FloodGenerator generator) const {
  if (path != RowPath::kFlood || generator == FloodGenerator::kLiveFrames) return "";
  if (fate == FloodFate::kUntouched) return "only live frames are there before they are made";
  if (generator == FloodGenerator::kRaw) return "";
  if (fate == FloodFate::kNotReceived)
    return "what another program takes to make packets is unknown";
  if (fate != FloodFate::kSocket && generator == FloodGenerator::kXdpTrafficgen) {
    return "xdp-trafficgen makes no such packets";
  }
  return "";
}

std::string probe_row_of(const std::string &flood_row) {
  const size_t slash = flood_row.find('/');
  return flood_row.substr(0, slash) + "_probe" + flood_row.substr(slash);
}

std::vector<GroupSpec> flood_groups() {
  std::vector<GroupSpec> groups;
  for (const char *family : {"udp4", "udp6", "tcp4", "tcp6"}) {
    groups.push_back(flood_group(family_case(family)));
  }
  return groups;
}

}  // namespace sklab
