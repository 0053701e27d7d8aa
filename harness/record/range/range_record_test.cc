// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "harness/base/lines.h"
#include "harness/record/range/example_range.h"
#include "harness/record/range/range_json.h"
#include "harness/record/range/range_table.h"

namespace sklab {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(RangeJsonTest, IsReadAgainAsItWas) {
  const std::string text = range_json(example_range());
  const auto again = parse_range_json(text);
  ASSERT_TRUE(again) << again.error().message();
  EXPECT_EQ(range_json(*again), text);
  EXPECT_FALSE(parse_range_json("{}"));
}

TEST(RangeTableTest, FitsALetter) {
  RangeRecord record = example_range();
  record.complete = false;
  const std::string table = range_table(record);
  for (std::string_view rest = table; !rest.empty();) {
    const std::string_view line = take_line(rest);
    EXPECT_LE(line.size(), 72U) << line;
    EXPECT_TRUE(std::all_of(line.begin(), line.end(), [](char c) { return c >= ' ' && c <= '~'; }));
  }
  EXPECT_THAT(table, HasSubstr("INTERRUPTED"));
  EXPECT_THAT(table, HasSubstr("  sockets         243902        4.10        34.4        1.07"));
  EXPECT_THAT(table, HasSubstr("tc_assign    FAILED"));
  EXPECT_THAT(table, HasSubstr("tproxy       skipped"));
  EXPECT_THAT(table, HasSubstr("sockets       +9.12 % +-2.15"));
  EXPECT_THAT(range_table(example_range()), Not(HasSubstr("INTERRUPTED")));
}

TEST(RangeTableTest, OfNothingHasNoRows) {
  EXPECT_THAT(range_table(RangeRecord{}), Not(HasSubstr("sk_lookup:")));
}

}  // namespace
}  // namespace sklab
