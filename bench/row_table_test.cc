// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "bench/flood_rows.h"
#include "bench/object_lanes.h"
#include "bench/row.h"

namespace sklab {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Not;

std::vector<std::string> names_of(const GroupSpec &group) {
  std::vector<std::string> names;
  for (const RowSpec &row : group.rows) names.push_back(row.name);
  return names;
}

TEST(RowTable, NamesAreUniqueAndTitlesFitATable) {
  std::set<std::string> names;
  for (const GroupSpec &group : all_groups()) {
    for (const RowSpec &row : group.rows) {
      EXPECT_TRUE(names.insert(row.name).second) << row.name;
      EXPECT_FALSE(row.title.empty()) << row.name;
      EXPECT_LE(row.title.size(), 64U) << row.name;
    }
  }
}

TEST(RowTable, ReferencesComeFirstInTheirGroup) {
  for (const GroupSpec &group : all_groups()) {
    std::vector<std::string> before;
    for (const RowSpec &row : group.rows) {
      if (!row.reference.empty()) {
        EXPECT_THAT(before, Contains(row.reference)) << row.name;
      }
      before.push_back(row.name);
    }
  }
}

TEST(RowTable, QuickRowsHaveQuickReferences) {
  for (const GroupSpec &group : all_groups()) {
    for (const RowSpec &row : group.rows) {
      const auto reference =
          std::find_if(group.rows.begin(), group.rows.end(),
                       [&](const RowSpec &other) { return other.name == row.reference; });
      if (row.quick && reference != group.rows.end()) {
        EXPECT_TRUE(reference->quick) << row.name;
      }
    }
  }
}

TEST(SelectGroups, BringsReferenceAndItsChecksAlong) {
  const auto groups = select_groups({"^udp4/connected_pass$", false});
  ASSERT_TRUE(groups);
  ASSERT_EQ(groups->size(), 1U);
  const auto names = names_of(groups->front());
  EXPECT_THAT(names, Contains("udp4/connected"));
  EXPECT_THAT(names, Contains("udp4/key_off"));
  EXPECT_THAT(names, Contains("udp4/key_off_control"));
  EXPECT_THAT(names, Not(Contains("udp4/pass")));
}

TEST(SelectGroups, QuickIsAPartOfAll) {
  const auto quick = select_groups({"", true});
  ASSERT_TRUE(quick);
  EXPECT_LT(quick->size(), all_groups().size());
  const auto floods = flood_groups();
  EXPECT_EQ(select_groups({"", false})->size() + floods.size(), all_groups().size());
}

TEST(SelectGroups, FloodsWantToBeNamed) {
  const auto is_flood = [](const GroupSpec &group) { return group.flood; };
  for (const char *filter : {"", "pass", "^udp4"}) {
    const auto groups = select_groups({filter, false});
    ASSERT_TRUE(groups);
    EXPECT_TRUE(std::none_of(groups->begin(), groups->end(), is_flood)) << filter;
  }
  const auto floods = select_groups({"_flood/", false});
  ASSERT_TRUE(floods);
  EXPECT_EQ(floods->size(), flood_groups().size());
}

TEST(FloodRows, EveryRowOfALookupIsProbedToo) {
  for (const GroupSpec &group : flood_groups()) {
    const auto names = names_of(group);
    for (const RowSpec &row : group.rows) {
      if (row.path != RowPath::kFlood || row.role != Role::kRow) continue;
      const bool probed =
          std::find(names.begin(), names.end(), probe_row_of(row.name)) != names.end();
      EXPECT_EQ(probed, row.fate == FloodFate::kSocket) << row.name;
    }
  }
}

TEST(SelectGroups, SaysWhatToDoAboutABadFilter) {
  for (const char *filter : {"no such row", "[", "("}) {
    const auto groups = select_groups({filter, false});
    ASSERT_FALSE(groups) << filter;
    EXPECT_EQ(groups.error().kind, ErrorKind::kUsage);
    EXPECT_THAT(groups.error().message(), HasSubstr(filter));
  }
}

TEST(ObjectGroups, HaveAGroupForEachKindOfPacketAndOneControl) {
  const auto object = std::make_shared<ObjectSource>();
  const IpAddress ipv6{Family::kIpv6, {}};
  object->scenario.packets = {{{Protocol::kUdp, {}, {}}, {}, {}},
                              {{Protocol::kTcp, {}, {}}, {}, {}},
                              {{Protocol::kUdp, {ipv6, 1}, {ipv6, 1}}, {}, {}},
                              {{Protocol::kUdp, {}, {}}, {}, {}}};
  const auto groups = object_groups(object);
  ASSERT_EQ(groups.size(), 3U);
  EXPECT_EQ(groups[0].name, "object_tcp4");
  EXPECT_EQ(groups[1].name, "object_udp4");
  EXPECT_EQ(groups[2].name, "object_udp6");
  EXPECT_EQ(groups[0].rows.size(), groups[1].rows.size() + 1);
  // A row brings both that it is compared with.
  const auto selected = select_groups(groups, {"udp6/program", true});
  ASSERT_TRUE(selected);
  ASSERT_EQ(selected->size(), 1U);
  EXPECT_EQ(selected->front().rows.size(), 3U);
  EXPECT_EQ(selected->front().object, object);
}

Result<> check_count(size_t count) {
  ObjectScenario scenario;
  scenario.packets.assign(count, {{Protocol::kUdp, {}, {}}, {}, {}});
  // Of another kind, with a count of its own.
  scenario.packets.push_back({{Protocol::kTcp, {}, {}}, {}, {}});
  return check_packet_counts(scenario);
}

// Five rows share the probe's table of 32768 packets.
TEST(ObjectLanes, HaveRoomForTheirPackets) {
  for (const size_t count : {1, 7, 511, 512, 1024, 2048, 4096}) EXPECT_TRUE(check_count(count));
  for (const size_t count : {513, 1000, 1023, 1025, 4097, 8192, 16384, 32768}) {
    const auto checked = check_count(count);
    ASSERT_FALSE(checked) << count;
    EXPECT_EQ(checked.error().kind, ErrorKind::kUsage);
    EXPECT_EQ(checked.error().object, std::to_string(count) + " of udp4");
    EXPECT_EQ(checked.error().hint, "up to 512 can be, or a power of two up to 4096");
  }
}

}  // namespace
}  // namespace sklab
