// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/record/page/kernel_sections.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/record/compare/example_compare.h"

namespace sklab {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

TEST(KernelSection, ChartsTheMainRowsFromKernelToKernel) {
  const PageSection section = kernel_section(example_compare(), "-2");
  EXPECT_EQ(section.id, "kernels-2");
  ASSERT_THAT(section.charts, SizeIs(1));  // the example's tcp4 has none of these rows
  const PageChart &chart = section.charts[0];
  EXPECT_THAT(chart.x_names, ElementsAre("old", "new", "patched"));
  ASSERT_THAT(chart.series, SizeIs(2));
  EXPECT_EQ(chart.series[1].name, "pass");
  ASSERT_THAT(chart.series[1].points, SizeIs(3));
  EXPECT_EQ(chart.series[1].points[2].y.value, 499.5);
}

TEST(KernelSection, HasAllThatWasCompared) {
  const CompareRecord record = example_compare();
  const PageSection section = kernel_section(record, "");
  ASSERT_THAT(section.tables, SizeIs(4));
  EXPECT_THAT(section.tables[0].rows, SizeIs(record.rows.size()));
  EXPECT_THAT(section.tables[0].rows[1],
              ElementsAre(TableCell("udp4/pass"), TableCell(512.), TableCell(513.),
                          TableCell(499.5), TableCell(-12.5)));
  EXPECT_EQ(section.tables[0].rows[5][1], TableCell("skipped"));
  EXPECT_THAT(section.tables[1].rows, SizeIs(2));
  EXPECT_EQ(section.tables[1].rows[1][2], TableCell("veth"));
  EXPECT_EQ(section.tables[2].rows[0][2], TableCell("xfail"));
  EXPECT_THAT(std::get<std::string>(section.tables[3].rows[2][3]), HasSubstr("filter.c"));
  for (const PageTable &table : section.tables) {
    for (const auto &row : table.rows) EXPECT_THAT(row, SizeIs(table.columns.size()));
  }
}

TEST(KernelSection, IsShortOfWhatWasNotAsked) {
  CompareRecord record = example_compare();
  record.cases = 0;
  record.changed_cases.clear();
  for (ComparedRow &row : record.rows) row.functions.clear();
  EXPECT_THAT(kernel_section(record, "").tables, SizeIs(2));
}

}  // namespace
}  // namespace sklab
