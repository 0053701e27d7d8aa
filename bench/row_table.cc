// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <fmt/format.h>

#include <array>

#include "bench/flood_rows.h"
#include "bench/row.h"

namespace sklab {
namespace {

using S = Steering;
using T = Traffic;

// The rows that every family has. Titles continue "a lookup, ...".
struct CoreRow {
  const char *name;
  const char *reference;
  S steering;
  T traffic;
  const char *title;
  Role role = Role::kRow;
};

constexpr std::array kCoreRows = {
    CoreRow{"key_off", "", S::kNone, T::kServer, "no sk_lookup program on the machine"},
    CoreRow{"key_off_control", "key_off", S::kNone, T::kServer, "key_off once more: A/A control",
            Role::kControl},
    CoreRow{"key_off_unrolled", "", S::kNone, T::kServer,
            "self-check: twice the lookups an iteration", Role::kUnrolled},
    CoreRow{"key_off_double", "", S::kNone, T::kServer, "self-check: batches twice as long",
            Role::kDouble},
    CoreRow{"key_on_foreign", "key_off", S::kForeign, T::kServer,
            "a program in another netns only: the static key is on"},
    CoreRow{"miss", "key_off", S::kNone, T::kClosedPort, "no program, and no socket to find"},
    CoreRow{"pass", "key_off", S::kPass, T::kServer, "a program that returns SK_PASS"},
    CoreRow{"drop", "key_off", S::kDrop, T::kServer, "a program that returns SK_DROP"},
    CoreRow{"assign_sockmap", "key_off", S::kAssignSockmap, T::kServer,
            "assign another socket from a SOCKMAP"},
    CoreRow{"assign_sockhash", "key_off", S::kAssignSockhash, T::kServer,
            "assign another socket from a SOCKHASH"},
    CoreRow{"assign_no_reuseport", "key_off", S::kAssignNoReuseport, T::kServer,
            "assign a member of a reuseport group with NO_REUSEPORT"},
    CoreRow{"assign_reuseport", "key_off", S::kAssignReuseport, T::kServer,
            "assign a member, the reuseport group chooses after the hook"},
    CoreRow{"reuseport", "key_off", S::kNone, T::kGroup,
            "no program, a reuseport group of 4 chooses"},
    CoreRow{"ip_range", "key_off", S::kIpRange, T::kIpRange,
            "a program steers 256 addresses to one socket"},
    CoreRow{"port_range", "key_off", S::kPortRange, T::kPortRange,
            "a program steers 256 ports to one socket"},
    CoreRow{"series", "key_off", S::kSeries, T::kServer,
            "the published series: 2 LPM lookups, a hash, a SOCKMAP, assign"},
    CoreRow{"connected", "key_off", S::kNone, T::kConnected,
            "no program, a connected or established socket"},
    CoreRow{"connected_pass", "connected", S::kPass, T::kConnected,
            "the same with a program attached, which must not run"},
    CoreRow{"connected_assign", "connected", S::kAssignSockmap, T::kConnected,
            "the same with a program that would assign, which must not run"},
};

GroupSpec core_group(const FamilyCase &family) {
  GroupSpec group{family.name, family, {PopulationKind::kServices, 0}, 6.5, false, {}};
  for (const CoreRow &core : kCoreRows) {
    // One control: with one a family, one run in four would show a false alarm.
    if (core.role == Role::kControl && family.name != "udp4") continue;
    RowSpec row;
    row.name = family.name + "/" + core.name;
    row.title = core.title;
    if (*core.reference != '\0') row.reference = family.name + "/" + core.reference;
    row.steering = core.steering;
    row.traffic = core.traffic;
    row.role = core.role;
    row.quick = true;
    group.rows.push_back(std::move(row));
  }
  return group;
}

RowSpec plain_row(const std::string &table, std::string name, std::string title, T traffic) {
  RowSpec row;
  row.name = table + "/" + std::move(name);
  row.title = std::move(title);
  row.traffic = traffic;
  return row;
}

RowSpec steered_row(const RowSpec &reference, S steering, std::string title) {
  RowSpec row = reference;
  row.name = fmt::format("{}_{}", reference.name, steering_name(steering));
  row.title = std::move(title);
  row.reference = reference.name;
  row.steering = steering;
  return row;
}

GroupSpec programs_group(const FamilyCase &family, bool quick) {
  const std::string table = family.name + "_programs";
  GroupSpec group{table, family, {PopulationKind::kServices, 0}, 4, false, {}};
  group.rows.push_back(plain_row(table, "none", "no program", T::kServer));
  group.rows.back().quick = quick;
  for (const unsigned count : {1, 2, 4, 8, 16, 32, 64}) {
    RowSpec row = group.rows.front();
    row.name = fmt::format("{}/{}", table, count);
    row.title = fmt::format("{} different programs that return SK_PASS", count);
    row.reference = group.rows.front().name;
    row.steering = S::kPass;
    row.programs = count;
    row.quick = quick && (count == 1 || count == 8 || count == 64);
    group.rows.push_back(std::move(row));
  }
  return group;
}

GroupSpec sockets_group(const FamilyCase &family, PopulationKind kind, size_t size) {
  const bool spread = kind == PopulationKind::kSpread;
  const std::string table = family.name + "_sockets";
  const std::string name = fmt::format("{}_{}", spread ? "spread" : "collide", size);
  GroupSpec group{table + "/" + name, family, {kind, size}, 0.6, false, {}};
  group.rows.push_back(plain_row(
      table, name,
      fmt::format("no program, {} more sockets, {}", size, spread ? "spread" : "in one bucket"),
      T::kServer));
  group.rows.push_back(steered_row(group.rows.front(), S::kAssignSockmap, "the same, assigned"));
  return group;
}

GroupSpec range_group(const FamilyCase &family, bool bound) {
  const std::string table = family.name + "_range";
  const PopulationSpec population = bound ? PopulationSpec{PopulationKind::kRange, 0}
                                          : PopulationSpec{PopulationKind::kSpread, 1};
  const std::string name = bound ? "bound" : "program";
  GroupSpec group{table + "/" + name, family, population, 1, true, {}};
  const char *how =
      bound ? "65536 bound sockets, a /24 times 256 ports" : "one socket, one program";
  group.rows = {
      plain_row(table, name, fmt::format("{}: one endpoint", how), T::kRange),
      plain_row(table, name + "_random", fmt::format("{}: 8192 of them", how), T::kRanges)};
  for (RowSpec &row : group.rows) row.steering = bound ? S::kNone : S::kIpPortRange;
  group.rows.back().reference = group.rows.front().name;
  return group;
}

GroupSpec caches_group(const FamilyCase &family) {
  const std::string table = family.name + "_caches";
  GroupSpec group{table, family, {PopulationKind::kSpread, 10000}, 5, false, {}};
  const auto add = [&](const RowSpec &plain) {
    group.rows.push_back(plain);
    group.rows.push_back(steered_row(plain, S::kPass, "the same, a program passes"));
    group.rows.push_back(steered_row(plain, S::kAssignSockmap, "the same, assigned"));
  };
  add(plain_row(table, "hot", "one packet again and again, 10000 sockets", T::kMember));
  add(plain_row(table, "random", "8192 packets to 8192 of 10000 sockets in turn", T::kMembers));
  RowSpec evicted = plain_row(table, "evicted", "caches evicted before every lookup", T::kMember);
  evicted.caches = Caches::kEvicted;
  add(evicted);
  return group;
}

GroupSpec cpus_group(const FamilyCase &family) {
  const std::string table = family.name + "_cpus";
  GroupSpec group{table, family, {PopulationKind::kServices, 0}, 2.5, false, {}};
  struct Variant {
    Cpus cpus;
    const char *name;
    const char *title;
  };
  constexpr std::array kVariants = {
      Variant{Cpus::kOne, "one", "on one CPU"},
      Variant{Cpus::kAllSame, "same", "on all CPUs at once, same socket"}};
  struct Kind {
    const char *name;
    S steering;
    T traffic;
    const char *title;
  };
  constexpr std::array kRows = {Kind{"key_off", S::kNone, T::kServer, "no program"},
                                Kind{"pass", S::kPass, T::kServer, "a program passes"},
                                Kind{"assign_sockmap", S::kAssignSockmap, T::kServer, "assigned"},
                                Kind{"connected", S::kNone, T::kConnected, "connected socket"}};
  for (const Kind &kind : kRows) {
    for (const Variant &variant : kVariants) {
      RowSpec row = plain_row(table, fmt::format("{}_{}", kind.name, variant.name),
                              fmt::format("{}, {}", kind.title, variant.title), kind.traffic);
      row.steering = kind.steering;
      row.cpus = variant.cpus;
      if (variant.cpus != Cpus::kOne) row.reference = fmt::format("{}/{}_one", table, kind.name);
      group.rows.push_back(std::move(row));
    }
  }
  return group;
}

GroupSpec different_sockets_group(const FamilyCase &family) {
  const std::string table = family.name + "_cpus";
  GroupSpec group{table + "/different", family, {PopulationKind::kSpread, 256}, 1.5, false, {}};
  RowSpec one =
      plain_row(table, "member_one", "no program, one of 256 sockets, on one CPU", T::kMember);
  RowSpec all = plain_row(table, "member_different",
                          "no program, on all CPUs at once, different sockets", T::kMembers);
  all.cpus = Cpus::kAllDifferent;
  all.reference = one.name;
  group.rows = {one, all};
  for (const RowSpec &plain : {one, all}) {
    RowSpec row = steered_row(plain, S::kPass, "the same, a program passes");
    if (plain.cpus != Cpus::kOne) row.reference = one.name + "_pass";
    group.rows.push_back(std::move(row));
  }
  return group;
}

GroupSpec test_run_group(const FamilyCase &family) {
  const std::string table = family.name + "_program_alone";
  GroupSpec group{table, family, {PopulationKind::kServices, 0}, 1.5, false, {}};
  for (const S steering : {S::kPass, S::kDrop, S::kAssignSockmap, S::kAssignSockhash,
                           S::kAssignNoReuseport, S::kSeries}) {
    RowSpec row = plain_row(table, std::string(steering_name(steering)),
                            "the program by itself, no lookup around it", T::kServer);
    row.path = RowPath::kTestRun;
    row.steering = steering;
    row.quick = true;
    if (steering != S::kPass) row.reference = table + "/pass";
    group.rows.push_back(std::move(row));
  }
  return group;
}

std::vector<GroupSpec> make_groups() {
  std::vector<GroupSpec> groups;
  for (const FamilyCase &family : family_cases()) groups.push_back(core_group(family));
  const std::array grown = {family_case("udp4"), family_case("tcp4")};
  for (const FamilyCase &family : grown) {
    groups.push_back(programs_group(family, family.protocol == Protocol::kUdp));
  }
  for (const FamilyCase &family : grown) {
    for (const auto kind : {PopulationKind::kSpread, PopulationKind::kColliding}) {
      for (const size_t size : {1, 10, 100, 1000, 10000}) {
        groups.push_back(sockets_group(family, kind, size));
      }
    }
  }
  for (const FamilyCase &family : grown) {
    groups.push_back(range_group(family, true));
    groups.push_back(range_group(family, false));
  }
  for (const FamilyCase &family : grown) groups.push_back(caches_group(family));
  for (const FamilyCase &family : grown) {
    groups.push_back(cpus_group(family));
    groups.push_back(different_sockets_group(family));
  }
  groups.push_back(test_run_group(family_case("udp4")));
  for (GroupSpec &group : flood_groups()) groups.push_back(std::move(group));
  return groups;
}

}  // namespace

const char *path_name(RowPath path) {
  constexpr const char *kNames[] = {"probe", "test_run", "flood"};
  return kNames[static_cast<size_t>(path)];
}

const std::vector<GroupSpec> &all_groups() {
  static const std::vector<GroupSpec> groups = make_groups();
  return groups;
}

}  // namespace sklab
