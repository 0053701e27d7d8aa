// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/record/compare/time_comparison.h"

#include <gtest/gtest.h>

#include <random>

namespace sklab {
namespace {

RowRecord timed_row(double latency_ns, const std::string &definition = "scenario 1\n") {
  RowRecord row;
  row.name = "udp4/pass";
  row.definition = definition;
  row.latency_ns.value = latency_ns;
  return row;
}

// Boots whose times have this median, and a percent of noise.
std::vector<RunRecord> boots(double latency_ns, size_t count, unsigned seed) {
  std::mt19937_64 random(seed);
  std::normal_distribution<double> noise(1, 0.01);
  std::vector<RunRecord> runs(count);
  for (RunRecord &run : runs) run.rows = {timed_row(latency_ns * noise(random))};
  return runs;
}

ComparedCell second_cell(const std::vector<RunRecord> &base, const std::vector<RunRecord> &other) {
  const auto rows = compare_times({base, other});
  EXPECT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].cells[0].verdict, Verdict::kNoChange);
  return rows[0].cells[1];
}

TEST(CompareTimes, AChangeIsFoundWithItsInterval) {
  const ComparedCell slower = second_cell(boots(100, 8, 1), boots(110, 8, 2));
  EXPECT_EQ(slower.verdict, Verdict::kRegression);
  EXPECT_NEAR(*slower.delta, 10, 2);
  EXPECT_LT(*slower.delta_low, *slower.delta);
  EXPECT_GT(*slower.delta_high, *slower.delta);
  EXPECT_EQ(second_cell(boots(110, 8, 1), boots(100, 8, 2)).verdict, Verdict::kImprovement);
}

TEST(CompareTimes, WithoutEvidenceThereIsNoVerdict) {
  // Three boots a side can never be significant.
  EXPECT_EQ(second_cell(boots(100, 3, 1), boots(200, 3, 2)).verdict, Verdict::kInconclusive);
  // Significant, and no more than what does not count.
  std::vector<RunRecord> base(12);
  std::vector<RunRecord> other(12);
  for (size_t i = 0; i < base.size(); ++i) {
    base[i].rows = {timed_row(100 + 0.001 * static_cast<double>(i))};
    other[i].rows = {timed_row(100.5 + 0.001 * static_cast<double>(i))};
  }
  EXPECT_EQ(second_cell(base, other).verdict, Verdict::kNoChange);
}

TEST(CompareTimes, RarelyFindsWhatIsNotThere) {
  unsigned found = 0;
  for (unsigned seed = 0; seed < 200; ++seed) {
    const Verdict verdict =
        second_cell(boots(100, 8, 2 * seed), boots(100, 8, 2 * seed + 1)).verdict;
    found += verdict == Verdict::kRegression || verdict == Verdict::kImprovement ? 1 : 0;
  }
  EXPECT_LE(found, 16U);  // 5 % are 10; more than 16 of 200 happen in 3 of 100 such tests
}

TEST(CompareTimes, ARowThatFailedInOneBootHasNoTime) {
  auto other = boots(100, 8, 2);
  other[3].rows[0].status = RowStatus::kFailed;
  other[3].rows[0].reason = "another socket";
  const ComparedCell failed = second_cell(boots(100, 8, 1), other);
  EXPECT_EQ(failed.verdict, Verdict::kFailed);
  EXPECT_EQ(failed.reason, "another socket");
  EXPECT_FALSE(failed.delta);
}

TEST(CompareTimes, AnotherRowOfThatNameIsNotCompared) {
  auto other = boots(100, 8, 2);
  for (RunRecord &run : other) run.rows = {timed_row(100, "scenario 1\nprogram drop\n")};
  const ComparedCell cell = second_cell(boots(100, 8, 1), other);
  EXPECT_EQ(cell.verdict, Verdict::kInconclusive);
  EXPECT_FALSE(cell.delta);
  for (RunRecord &run : other) run.rows.clear();
  EXPECT_EQ(second_cell(boots(100, 8, 1), other).verdict, Verdict::kSkipped);
}

}  // namespace
}  // namespace sklab
