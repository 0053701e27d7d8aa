// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Every group on the kernel at hand, with the sanitizers.
#include "harness/conform/suite.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace sklab {

void PrintTo(const ConformGroup &group, std::ostream *out) { *out << group.name; }

namespace {

constexpr char kNameCharacters[] =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-> ,:.";

class GroupTest : public testing::TestWithParam<ConformGroup> {};

TEST_P(GroupTest, NoCaseFails) {
  ConformSettings settings;
  settings.depth = Depth::kQuick;
  const CaseGroupRecord group = run_group(GetParam(), settings, [](const std::string &) {});
  EXPECT_FALSE(group.cases.empty());
  std::set<std::string> names;
  for (const CaseRecord &record : group.cases) {
    EXPECT_TRUE(names.insert(record.name).second) << "two cases are called " << record.name;
    EXPECT_EQ(record.name.find_first_not_of(kNameCharacters), std::string::npos) << record.name;
    EXPECT_NE(record.status, CaseStatus::kFail) << record.name << ":\n" << record.reason;
    EXPECT_TRUE(record.status == CaseStatus::kPass || !record.reason.empty()) << record.name;
  }
}

std::string group_name(const testing::TestParamInfo<ConformGroup> &info) { return info.param.name; }

INSTANTIATE_TEST_SUITE_P(Conform, GroupTest,
                         testing::ValuesIn(conform_groups().begin(), conform_groups().end()),
                         group_name);

TEST(SelectConformGroups, FindsByRegularExpression) {
  EXPECT_EQ(select_conform_groups("")->size(), conform_groups().size());
  EXPECT_EQ(select_conform_groups("^link_calls$")->size(), 1U);
  for (const char *wrong : {"no such group", "["}) {
    const auto refused = select_conform_groups(wrong);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind, ErrorKind::kUsage);
  }
}

}  // namespace
}  // namespace sklab
