// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/record/page/flood_sections.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/record/flood/example_flood.h"
#include "harness/record/flood/flood_summary.h"

namespace sklab {
namespace {

using testing::ElementsAre;
using testing::SizeIs;

TEST(FloodSection, ChartsWhatEachRowAddsByFamily) {
  const PageSection section = flood_section(summarise_flood(example_flood_run(), "raw"), "-2");
  EXPECT_EQ(section.id, "flood-2");
  ASSERT_THAT(section.charts, SizeIs(2));
  const PageChart &chart = section.charts[0];
  EXPECT_THAT(chart.x_names, ElementsAre("key_on_foreign", "pass", "series"));
  ASSERT_THAT(chart.series, SizeIs(2));
  EXPECT_EQ(chart.series[1].name, "tcp4");
  EXPECT_EQ(chart.series[0].points[1].y.value, 30);
}

TEST(FloodSection, HasAllRowsAndSteps) {
  const FloodRecord record = summarise_flood(example_flood_run(), "raw");
  const PageSection section = flood_section(record, "");
  ASSERT_THAT(section.tables, SizeIs(3));
  EXPECT_THAT(section.tables[0].rows,
              SizeIs(record.families[0].rows.size() + record.families[1].rows.size()));
  EXPECT_THAT(section.tables[1].rows, SizeIs(2));
  EXPECT_THAT(section.tables[2].rows, SizeIs(11));
  for (const PageTable &table : section.tables) {
    for (const auto &row : table.rows) EXPECT_THAT(row, SizeIs(table.columns.size()));
  }
}

TEST(FloodSection, OfNothingIsNothing) {
  EXPECT_TRUE(flood_section(FloodRecord{}, "").charts.empty());
}

}  // namespace
}  // namespace sklab
