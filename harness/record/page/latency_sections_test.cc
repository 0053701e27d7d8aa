// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/record/page/latency_sections.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/record/latency/example_latency.h"

namespace sklab {
namespace {

using testing::SizeIs;

TEST(LatencySection, HasAPlotOfEachSectionAndChurn) {
  const PageSection section = latency_section(example_latency(), "-2");
  EXPECT_EQ(section.id, "latency-2");
  ASSERT_THAT(section.charts, SizeIs(3));
  EXPECT_THAT(section.charts[0].series, SizeIs(4));
  EXPECT_EQ(section.charts[0].x_names.at(4), "99.99 %");
  const ChartSeries &link = section.charts[1].series.at(1);
  EXPECT_EQ(link.name, "link_1000");
  EXPECT_EQ(link.points.at(2).x, 2);
  EXPECT_DOUBLE_EQ(link.points.at(0).y.value, 3.59);
}

TEST(LatencySection, HasAllRowsAndWhatTheyDifferBy) {
  const PageSection section = latency_section(example_latency(), "");
  ASSERT_THAT(section.tables, SizeIs(3));
  EXPECT_THAT(section.tables[0].rows, SizeIs(8));
  EXPECT_THAT(section.tables[1].rows, SizeIs(9));
  EXPECT_THAT(section.tables[2].rows, SizeIs(1));
  for (const PageTable &table : section.tables) {
    for (const auto &row : table.rows) EXPECT_THAT(row, SizeIs(table.columns.size()));
  }
}

TEST(LatencySection, OfNothingIsNothing) {
  const PageSection section = latency_section(LatencyRecord{}, "");
  EXPECT_TRUE(section.charts.empty());
  EXPECT_TRUE(section.tables.empty());
}

}  // namespace
}  // namespace sklab
