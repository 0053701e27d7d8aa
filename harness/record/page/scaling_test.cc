// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/record/page/scaling.h"

#include <gtest/gtest.h>

#include "harness/record/test_record.h"

namespace sklab {
namespace {

RunRecord record_of(const std::vector<std::string> &names) {
  RunRecord record;
  for (const std::string &name : names) {
    RowRecord row;
    row.name = name;
    row.latency_ns = {50, 49, 51};
    record.rows.push_back(row);
  }
  return record;
}

TEST(ScalingSections, ProgramsByTheirNumberWithNoneAsALevel) {
  const auto sections = scaling_sections(
      record_of({"udp4_programs/none", "udp4_programs/8", "udp4_programs/1", "tcp4_programs/2"}),
      "");
  ASSERT_EQ(sections.size(), 1U);
  EXPECT_EQ(sections[0].id, "programs");
  ASSERT_EQ(sections[0].charts.size(), 2U);
  const PageChart &chart = sections[0].charts[0];
  EXPECT_EQ(chart.title, "udp4_programs");
  ASSERT_EQ(chart.baseline.size(), 1U);
  ASSERT_EQ(chart.series.size(), 1U);
  ASSERT_EQ(chart.series[0].points.size(), 2U);
  EXPECT_EQ(chart.series[0].points[0].x, 1);
  EXPECT_EQ(chart.series[0].points[1].x, 8);
  EXPECT_EQ(chart.series[0].points[1].y, (Estimate{50, 49, 51}));
}

TEST(ScalingSections, SocketsByWhereTheyAreAndWhatIsAttached) {
  const auto sections = scaling_sections(
      record_of({"udp4_sockets/spread_1", "udp4_sockets/spread_10_assign_sockmap",
                 "udp4_sockets/collide_10", "udp4_sockets/collide_100", "udp4_sockets/other_1"}),
      "-2");
  ASSERT_EQ(sections.size(), 1U);
  EXPECT_EQ(sections[0].id, "sockets-2");
  const auto &series = sections[0].charts.at(0).series;
  ASSERT_EQ(series.size(), 3U);
  EXPECT_EQ(series[0].name, "spread, no program");
  EXPECT_EQ(series[1].name, "spread, assigned");
  EXPECT_EQ(series[2].name, "in one bucket, no program");
  EXPECT_EQ(series[2].points.size(), 2U);
}

TEST(ScalingSections, NothingOfRowsWithoutANumberOrOfOtherTables) {
  EXPECT_TRUE(scaling_sections(example_record(), "").empty());
  RunRecord record = record_of({"udp4_programs/1", "udp4_programs/1x", "udp4_programs/"});
  record.rows[0].status = RowStatus::kFailed;
  EXPECT_TRUE(scaling_sections(record, "").empty());
}

}  // namespace
}  // namespace sklab
