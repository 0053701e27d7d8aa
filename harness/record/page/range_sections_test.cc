// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/record/page/range_sections.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/record/range/example_range.h"

namespace sklab {
namespace {

using testing::SizeIs;

TEST(RangeSection, HasAChartAFigureAndARowAMethod) {
  const PageSection section = range_section(example_range(), "-2");
  EXPECT_EQ(section.id, "range-2");
  ASSERT_THAT(section.charts, SizeIs(5));
  EXPECT_THAT(section.charts[0].x_names, SizeIs(4));
  ASSERT_THAT(section.charts[4].series, SizeIs(1));
  ASSERT_THAT(section.charts[4].series[0].points, SizeIs(2)) << "rows without numbers are in none";
  EXPECT_DOUBLE_EQ(section.charts[4].series[0].points[0].y.value, 176.7);
  ASSERT_THAT(section.tables, SizeIs(1));
  for (const auto &row : section.tables[0].rows) {
    EXPECT_THAT(row, SizeIs(section.tables[0].columns.size()));
  }
}

TEST(RangeSection, OfNothingIsNothing) {
  EXPECT_TRUE(range_section(RangeRecord{}, "").charts.empty());
}

}  // namespace
}  // namespace sklab
