// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "bench/gate/verdict.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace sklab {
namespace {

constexpr double kLatencyNs = 100;

// Processes that differ by `spread`, and candidates slower by `change`, both as fractions.
RowTally tally_of(double change, double spread, size_t samples, uint64_t seed = 1) {
  std::mt19937_64 random(seed);
  const auto noise = [&] {
    return spread * (static_cast<double>(random() >> 11U) / static_cast<double>(1ULL << 53U) - 0.5);
  };
  RowTally tally;
  tally.name = "udp4/pass";
  tally.path = "probe";
  for (size_t i = 0; i < samples; ++i) {
    const double base = noise();
    const double candidate = std::log1p(change) + noise();
    tally.base_ns.push_back(kLatencyNs * std::exp(base));
    tally.candidate_ns.push_back(kLatencyNs * std::exp(candidate));
    tally.changes.push_back(candidate - base);
    tally.self_changes.push_back(noise() - noise());
  }
  return tally;
}

GateRow judged(const RowTally &tally, unsigned look = 1) {
  return judge_latencies({tally}, Thresholds({.change = 0.02, .absolute_floor_ns = 0.5}), look)
      .front();
}

TEST(JudgeLatencies, AChangeBeyondTheThresholdIsTold) {
  const GateRow slower = judged(tally_of(0.1, 0.02, 20));
  EXPECT_EQ(slower.verdict, Verdict::kRegression) << slower.reason;
  EXPECT_NEAR(slower.change.value, 0.1, 0.01);
  EXPECT_LE(slower.p_adjusted, kFalseAlarm / 2);
  EXPECT_EQ(judged(tally_of(-0.1, 0.02, 20)).verdict, Verdict::kImprovement);
  EXPECT_EQ(judged(tally_of(0.001, 0.02, 20)).verdict, Verdict::kNoChange);
}

TEST(JudgeLatencies, WhatCannotBeToldIsInconclusive) {
  // Exactly at the threshold no number of samples decides.
  EXPECT_EQ(judged(tally_of(0.02, 0.02, 100)).verdict, Verdict::kInconclusive);
  const GateRow noisy = judged(tally_of(0.05, 0.5, 20));
  EXPECT_EQ(noisy.verdict, Verdict::kInconclusive);
  EXPECT_TRUE(noisy.further_samples);
  EXPECT_EQ(judged(tally_of(0.1, 0.02, 3)).verdict, Verdict::kInconclusive);
  EXPECT_EQ(judged(tally_of(0, 0.02, 0)).verdict, Verdict::kInconclusive);
}

// Noise must not turn a slowdown into its absence.
TEST(JudgeLatencies, NoiseIsNoAllClear) {
  for (uint64_t seed = 1; seed <= 50; ++seed) {
    EXPECT_NE(judged(tally_of(0.1, 0.4, 20, seed)).verdict, Verdict::kNoChange) << seed;
  }
}

TEST(JudgeLatencies, TheAbsoluteFloorHoldsWhereAPercentIsNothing) {
  RowTally tally = tally_of(0.1, 0.01, 20);
  for (double &ns : tally.base_ns) ns /= 100;  // 1 ns, and 0.1 more
  EXPECT_EQ(judged(tally).verdict, Verdict::kNoChange);
}

TEST(JudgeLatencies, WithoutAChangeThereIsNextToNoAlarm) {
  int alarms = 0;
  for (uint64_t gate = 0; gate < 200; ++gate) {
    std::vector<RowTally> tallies;
    for (uint64_t row = 0; row < 10; ++row) {
      tallies.push_back(tally_of(0, 0.2, 20, gate * 10 + row));
    }
    const auto rows =
        judge_latencies(tallies, Thresholds({.change = 1e-6, .absolute_floor_ns = 0}), 1);
    for (const GateRow &row : rows) alarms += row.verdict == Verdict::kRegression ? 1 : 0;
  }
  EXPECT_LE(alarms, 2);
}

TEST(JudgeLatencies, MoreRowsAndLaterLooksAskForMore) {
  const size_t least = least_samples({RowTally()});
  const RowTally tally = tally_of(0.1, 0.02, least);
  EXPECT_EQ(judged(tally).verdict, Verdict::kRegression);
  EXPECT_EQ(judged(tally, 2).verdict, Verdict::kInconclusive);
  std::vector<RowTally> tallies(10, tally_of(0, 0.02, least));
  tallies.push_back(tally);
  EXPECT_EQ(judge_latencies(tallies, Thresholds(), 1).back().verdict, Verdict::kInconclusive);
}

TEST(JudgeLatencies, FailedAndSkippedRowsHaveNoNumber) {
  RowTally failed = tally_of(0, 0.02, 20);
  failed.failure = "candidate: found no socket";
  EXPECT_EQ(judged(failed).verdict, Verdict::kFailed);
  RowTally skipped;
  skipped.skipped = "needs at least two CPUs";
  EXPECT_EQ(judged(skipped).verdict, Verdict::kSkipped);
  EXPECT_EQ(judged(skipped).reason, skipped.skipped);
}

TEST(JudgeCounts, AnyGrowthIsARegression) {
  RowTally tally;
  tally.counts["grows"] = {std::set<uint64_t>{22}, std::set<uint64_t>{23}};
  tally.counts["shrinks"] = {std::set<uint64_t>{22}, std::set<uint64_t>{21}};
  tally.counts["stays"] = {std::set<uint64_t>{22}, std::set<uint64_t>{22}};
  tally.counts["varies"] = {std::set<uint64_t>{22, 23}, std::set<uint64_t>{22}};
  tally.counts["missing"] = {std::set<uint64_t>{22}, std::set<uint64_t>{}};
  std::map<std::string, Verdict> verdicts;
  for (const GateRow &row : judge_counts({tally}, Thresholds()))
    verdicts[row.quantity] = row.verdict;
  EXPECT_EQ(verdicts["grows"], Verdict::kRegression);
  EXPECT_EQ(verdicts["shrinks"], Verdict::kImprovement);
  EXPECT_EQ(verdicts["stays"], Verdict::kNoChange);
  EXPECT_EQ(verdicts["varies"], Verdict::kInconclusive);
  EXPECT_EQ(verdicts["missing"], Verdict::kInconclusive);
}

TEST(JudgeCounts, ThresholdsMayLetProgramsGrow) {
  RowTally tally;
  tally.counts["size"] = {std::set<uint64_t>{100}, std::set<uint64_t>{110}};
  const auto verdict = [&](double growth) {
    return judge_counts({tally}, Thresholds({.size_growth = growth})).front().verdict;
  };
  EXPECT_EQ(verdict(0), Verdict::kRegression);
  EXPECT_EQ(verdict(0.09), Verdict::kRegression);
  EXPECT_EQ(verdict(0.11), Verdict::kNoChange);
}

TEST(JudgeCounts, ASkippedRowHasNone) {
  BaselineRow recorded;
  recorded.first.latency_ns = recorded.second.latency_ns = {50};
  recorded.counts["size"] = 100;
  RowTally tally = RowTally::against(recorded);
  EXPECT_EQ(judge_counts({tally}, Thresholds()).front().verdict, Verdict::kInconclusive);
  tally.skipped = "needs at least two CPUs";
  EXPECT_TRUE(judge_counts({tally}, Thresholds()).empty());
}

TEST(OverallVerdict, IsTheWorst) {
  const auto overall = [](std::vector<Verdict> verdicts) {
    std::vector<GateRow> rows(verdicts.size());
    for (size_t i = 0; i < rows.size(); ++i) rows[i].verdict = verdicts[i];
    return overall_verdict(rows);
  };
  EXPECT_EQ(overall({Verdict::kNoChange, Verdict::kSkipped}), Verdict::kNoChange);
  EXPECT_EQ(overall({Verdict::kImprovement, Verdict::kInconclusive}), Verdict::kInconclusive);
  EXPECT_EQ(overall({Verdict::kRegression, Verdict::kInconclusive}), Verdict::kRegression);
  EXPECT_EQ(overall({Verdict::kRegression, Verdict::kFailed}), Verdict::kFailed);
}

}  // namespace
}  // namespace sklab
