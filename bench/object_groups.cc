// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <array>
#include <set>
#include <utility>

#include "bench/object_lanes.h"
#include "bench/row.h"
#include "harness/model/scenario_grammar.h"

namespace sklab {
namespace {

struct ObjectRow {
  const char *name;
  const char *reference;
  const char *second_reference;
  Steering steering;
  const char *title;
  Role role = Role::kRow;
};

constexpr std::array kObjectRows = {
    ObjectRow{"plain", "", "", Steering::kNone, "no sk_lookup program on the machine"},
    ObjectRow{"plain_control", "plain", "", Steering::kNone, "plain once more: A/A control",
              Role::kControl},
    ObjectRow{"key_on", "plain", "", Steering::kForeign,
              "a program in another netns only: the static key is on"},
    ObjectRow{"pass", "plain", "", Steering::kPass, "a program that returns SK_PASS"},
    ObjectRow{"program", "plain", "pass", Steering::kObject, "your program"},
};

static_assert(kObjectRows.size() <= kMostObjectRows);

GroupSpec object_group_of(const SharedObject &object, Protocol protocol, Family family,
                          bool has_control) {
  GroupSpec group;
  group.name = "object_" + std::string(packet_kind_name(protocol, family));
  group.family.protocol = protocol;
  group.family.client.family = family;
  group.seconds = 4;
  group.object = object;
  const auto full_name = [&](const char *name) {
    return *name == '\0' ? std::string() : group.name + "/" + name;
  };
  for (const ObjectRow &object_row : kObjectRows) {
    if (object_row.role == Role::kControl && !has_control) continue;
    RowSpec row;
    row.name = full_name(object_row.name);
    row.title = object_row.title;
    row.reference = full_name(object_row.reference);
    row.second_reference = full_name(object_row.second_reference);
    row.steering = object_row.steering;
    row.traffic = Traffic::kObject;
    row.role = object_row.role;
    row.quick = true;
    group.rows.push_back(std::move(row));
  }
  return group;
}

}  // namespace

std::vector<GroupSpec> object_groups(const SharedObject &object) {
  std::set<std::pair<Protocol, Family>> kinds;
  for (const ObjectPacket &packet : object->scenario.packets) {
    kinds.emplace(packet.packet.protocol, packet.packet.source.address.family);
  }
  std::vector<GroupSpec> groups;
  groups.reserve(kinds.size());
  // One control, as among sklab's own rows: each has false alarms.
  for (const auto &[protocol, family] : kinds) {
    groups.push_back(object_group_of(object, protocol, family, groups.empty()));
  }
  return groups;
}

std::vector<GroupSpec> groups_of(const SharedObject &object) {
  return object ? object_groups(object) : all_groups();
}

}  // namespace sklab
