// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/record/page/trends.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/record/test_record.h"

namespace sklab {
namespace {

using testing::ElementsAre;

std::vector<RunRecord> example_runs(unsigned count, unsigned changed_at) {
  std::vector<RunRecord> runs;
  for (unsigned i = 0; i < count; ++i) {
    RunRecord run = example_record();
    run.started_utc = "2026-11-" + std::to_string(10 + i) + "T00:00:00Z";
    run.run_id = std::to_string(i);
    if (i >= changed_at) {
      run.rows[0].latency_ns.value *= 1.2;
      run.fingerprint.kernel_release = "6.18.1";
      run.fingerprint.bpf_knobs["bpf_jit_enable"] = "0";
    }
    runs.push_back(run);
  }
  return runs;
}

TEST(Trends, RunsAreInOrderAndStepsSayWhatChanged) {
  auto runs = example_runs(12, 6);
  std::swap(runs[0], runs[11]);
  const Trends trends = trends_of(runs);
  ASSERT_EQ(trends.runs.size(), 12U);
  EXPECT_EQ(trends.runs[0].run_id, "0");
  const TrendRow &row = trends.rows.at(0);
  EXPECT_EQ(row.name, "udp4/key_off");
  EXPECT_EQ(row.points.size(), 12U);
  ASSERT_EQ(row.steps.size(), 1U);
  EXPECT_EQ(row.steps[0].run, 6U);
  EXPECT_THAT(row.steps[0].changed, ElementsAre("bpf_jit_enable", "kernel_release"));
  EXPECT_TRUE(trends.rows.at(1).steps.empty());
}

TEST(Trends, RowsWithoutTwoNumbersAreLeftOut) {
  const Trends trends = trends_of(example_runs(2, 2));
  for (const TrendRow &row : trends.rows) EXPECT_NE(row.name, "udp4/drop");
  EXPECT_EQ(trends.rows.size(), 4U);
  EXPECT_TRUE(trends_of(example_runs(1, 1)).rows.empty());
  EXPECT_TRUE(trends_of({}).rows.empty());
}

TEST(Trends, ARowThatWasNotInEveryRunKeepsItsRuns) {
  auto runs = example_runs(3, 3);
  runs[1].rows[0].status = RowStatus::kSkipped;
  const Trends trends = trends_of(runs);
  ASSERT_EQ(trends.rows[0].points.size(), 2U);
  EXPECT_EQ(trends.rows[0].points[1].run, 2U);
}

}  // namespace
}  // namespace sklab
