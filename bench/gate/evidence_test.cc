// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "bench/gate/evidence.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "bench/gate/baseline_run.h"
#include "bench/gate/verdict.h"

namespace sklab {
namespace {

constexpr size_t kRecorded = 12;

std::vector<double> around(double center, double spread, size_t count, std::mt19937_64 &random) {
  std::uniform_real_distribution<double> noise(-spread / 2, spread / 2);
  std::vector<double> values;
  for (size_t i = 0; i < count; ++i) values.push_back(center * std::exp(noise(random)));
  return values;
}

// Of a machine on which processes differ by 2 %.
class AgainstABaseline : public testing::Test {
 protected:
  AgainstABaseline() {
    row_.name = "udp4/pass";
    for (BaselineSamples *samples : {&row_.first, &row_.second}) {
      samples->latency_ns = around(50, 0.02, kRecorded, random_);
      samples->empty_loop_ns = around(3, 0.02, kRecorded, random_);
    }
  }
  RowTally slower_by(double change, double machine = 0, size_t processes = 10) {
    RowTally tally = RowTally::against(row_);
    tally.candidate_ns = around(50 * (1 + change), 0.02, processes, random_);
    tally.candidate_empty_loop_ns = around(3 * (1 + machine), 0.02, processes, random_);
    return tally;
  }
  static GateRow judged(const RowTally &tally) {
    return judge_latencies({tally}, Thresholds({.change = 0.03, .absolute_floor_ns = 0.5}), 1)[0];
  }

  std::mt19937_64 random_{5};
  BaselineRow row_;
};

TEST_F(AgainstABaseline, AChangeIsTold) {
  EXPECT_EQ(judged(slower_by(0.1)).verdict, Verdict::kRegression);
  EXPECT_EQ(judged(slower_by(-0.1)).verdict, Verdict::kImprovement);
  const GateRow same = judged(slower_by(0));
  EXPECT_EQ(same.verdict, Verdict::kNoChange) << same.reason;
  EXPECT_EQ(same.base_samples.size(), 2 * kRecorded);
  EXPECT_EQ(same.samples, 10U);
  EXPECT_EQ(judged(slower_by(0, 0, 0)).verdict, Verdict::kInconclusive);
}

// What the machine did between two recordings of the same code is no regression now.
TEST_F(AgainstABaseline, WhatRecordingsDifferedIsNoise) {
  for (double &ns : row_.second.latency_ns) ns *= 1.2;
  const RowTally tally = slower_by(0.2);
  EXPECT_GT(evidence_of(tally, 0.95).noise_floor, 0.18);
  EXPECT_EQ(judged(tally).verdict, Verdict::kInconclusive);
}

// The loop around the lookups has none of their code: if it is slower, the machine is.
TEST_F(AgainstABaseline, AMachineThatBecameSlowerIsNoRegression) {
  EXPECT_EQ(judged(slower_by(0.2, 0.25)).verdict, Verdict::kInconclusive);
  EXPECT_EQ(judged(slower_by(0.2, 0.05)).verdict, Verdict::kRegression);
  // Nor does a faster one make a regression vanish.
  const GateRow hidden = judged(slower_by(0, -0.25));
  EXPECT_EQ(hidden.verdict, Verdict::kInconclusive);
  EXPECT_NE(hidden.reason.find("the machine itself"), std::string::npos) << hidden.reason;
  EXPECT_LT(evidence_of(slower_by(0), 0.95).noise_floor, 0.02);
}

TEST_F(AgainstABaseline, TheSmallestPIsWhatSeparatedSamplesHave) {
  for (const size_t processes : {1U, 3U, 8U}) {
    const RowTally tally = slower_by(1, 0, processes);
    EXPECT_NEAR(p_beyond(tally, 0), smallest_rank_sum_p(2 * kRecorded, processes), 1e-9);
    EXPECT_EQ(p_beyond(tally, std::numeric_limits<double>::infinity()), 1);
  }
}

TEST_F(AgainstABaseline, ALookCanFindSomethingAfterTheLeastSamples) {
  const std::vector<RowTally> rows(20, slower_by(1));
  const size_t least = least_samples(rows);
  const auto verdict_with = [&](size_t processes) {
    std::vector<RowTally> some(20, slower_by(0, 0, processes));
    some[7] = slower_by(1, 0, processes);
    return judge_latencies(some, Thresholds(), 1)[7].verdict;
  };
  EXPECT_EQ(verdict_with(least), Verdict::kRegression);
  EXPECT_EQ(verdict_with(least - 1), Verdict::kInconclusive);
}

TEST_F(AgainstABaseline, RecordingsThatDisagreeAreTold) {
  BaselineRecord record;
  record.rows = {row_, row_};
  const Thresholds thresholds({.change = 0.03, .absolute_floor_ns = 0.5});
  EXPECT_TRUE(disagreements(record, thresholds).empty());
  record.rows[1].name = "udp4/other";
  // Whatever the reason: that all of the machine became slower is none to keep them.
  for (double &ns : record.rows[1].second.latency_ns) ns *= 1.2;
  for (double &ns : record.rows[1].second.empty_loop_ns) ns *= 1.2;
  const auto rows = disagreements(record, thresholds);
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].name, "udp4/other");
}

TEST_F(AgainstABaseline, AnotherRowIsNotCompared) {
  RowTally tally = slower_by(0, 0, 0);
  LockstepRow measured;
  measured.facts.resize(1);
  measured.processes = {{{50, 51, 52}, 3.0}};
  EXPECT_TRUE(tally.add(measured));
  EXPECT_EQ(tally.candidate_ns, std::vector<double>{51});
  measured.facts[0].definition = "scenario 1\n";
  const auto refused = tally.add(measured);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::kUsage);
}

}  // namespace
}  // namespace sklab
