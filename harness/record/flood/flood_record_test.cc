// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "harness/base/lines.h"
#include "harness/record/flood/example_flood.h"
#include "harness/record/flood/flood_json.h"
#include "harness/record/flood/flood_summary.h"
#include "harness/record/flood/flood_table.h"

namespace sklab {
namespace {

using testing::HasSubstr;
using testing::Not;

FloodRecord example() { return summarise_flood(example_flood_run(), "live-frames"); }

const FloodRow &row_named(const FloodFamily &family, const std::string &name) {
  return *std::find_if(family.rows.begin(), family.rows.end(),
                       [&](const FloodRow &row) { return row.name == name; });
}

TEST(FloodSummaryTest, ARowIsComparedWithinItsRounds) {
  const FloodRecord record = example();
  ASSERT_EQ(record.families.size(), 2U);
  const FloodRow &pass = row_named(record.families[0], "pass");
  EXPECT_EQ(pass.packet_ns.value, 280);
  EXPECT_NEAR(pass.packets_per_second.value, 1e9 / 280, 1);
  EXPECT_LE(pass.packets_per_second.low, pass.packets_per_second.value);
  EXPECT_EQ(pass.delta->packet_ns, (Estimate{30, 30, 30}));
  EXPECT_NEAR(pass.delta->percent.value, 12, 0.01);
  EXPECT_EQ(pass.delta->verdict, "slower");
  EXPECT_EQ(row_named(record.families[0], "key_on_foreign").delta->verdict, "same");
}

TEST(FloodSummaryTest, WhatTheProbeDoesNotExplainIsShown) {
  const FloodRow pass = row_named(example().families[0], "pass");
  EXPECT_EQ(pass.probe->lookup_ns.value, 25);
  EXPECT_EQ(pass.probe->unexplained_ns.value, 5);
  EXPECT_FALSE(row_named(example().families[0], "series").probe) << "it was not probed";
}

TEST(FloodSummaryTest, SharesAddUpToThePacket) {
  for (const FloodFamily &family : example().families) {
    double percent = 0;
    for (const FloodShare &share : family.shares) {
      if (share.name != "lookup, by probe") percent += share.percent;
    }
    EXPECT_NEAR(percent, 100, 0.01) << family.name;
  }
  EXPECT_EQ(example().families[0].shares.size(), 5U);
  EXPECT_EQ(example().families[1].shares.size(), 6U);
}

TEST(FloodSummaryTest, WithoutFramesPacketsAreMadeFromNothing) {
  RunRecord run = example_flood_run();
  run.rows[1].status = RowStatus::kSkipped;
  const FloodShare made = summarise_flood(run, "raw").families[0].shares[0];
  EXPECT_EQ(made.name, "made");
  EXPECT_EQ(made.packet_ns.value, run.rows[2].latency_ns.value);
  run.rows[1].status = RowStatus::kFailed;
  EXPECT_EQ(summarise_flood(run, "live-frames").families[0].shares[0].name, "up to the lookup");
}

TEST(FloodSummaryTest, ARowWithoutANumberHasNoneAndNoneIsComparedWithIt) {
  const FloodRow failed = row_named(example().families[0], "assign_sockmap");
  EXPECT_EQ(failed.status, RowStatus::kFailed);
  EXPECT_FALSE(failed.delta);
  RunRecord run = example_flood_run();
  run.rows.front().status = RowStatus::kFailed;
  const FloodFamily family = summarise_flood(run, "live-frames").families.front();
  EXPECT_FALSE(row_named(family, "pass").delta);
  EXPECT_TRUE(family.shares.empty());
}

TEST(FloodSummaryTest, AVerdictTakesAnEffectAndCertainty) {
  const auto spread = [](double center, double width) {
    std::vector<double> percent;
    for (int i = -50; i <= 50; ++i) percent.push_back(center + width * i / 50);
    return percent;
  };
  EXPECT_EQ(flood_verdict(spread(3, 1)), "slower");
  EXPECT_EQ(flood_verdict(spread(-3, 1)), "faster");
  EXPECT_EQ(flood_verdict(spread(0.3, 0.1)), "same") << "surely there, but too small to matter";
  EXPECT_EQ(flood_verdict(spread(0, 20)), "unclear");
  EXPECT_EQ(flood_verdict(spread(2, 20)), "unclear");
}

TEST(FloodJsonTest, IsReadAgainAsItWas) {
  const std::string text = flood_json(example());
  const auto again = parse_flood_json(text);
  ASSERT_TRUE(again) << again.error().message();
  EXPECT_EQ(flood_json(*again), text);
  EXPECT_FALSE(parse_flood_json("{}"));
}

TEST(FloodTableTest, FitsALetter) {
  FloodRecord record = example();
  record.complete = false;
  const std::string table = flood_table(record);
  for (std::string_view rest = table; !rest.empty();) {
    const std::string_view line = take_line(rest);
    EXPECT_LE(line.size(), 72U) << line;
    EXPECT_TRUE(std::all_of(line.begin(), line.end(), [](char c) { return c >= ' ' && c <= '~'; }));
  }
  EXPECT_THAT(table, HasSubstr("INTERRUPTED"));
  EXPECT_THAT(table, HasSubstr("  udp4     4,000,000 +-0.4%"));
  EXPECT_THAT(table, HasSubstr("assign_sockmap  FAILED"));
  EXPECT_THAT(table, HasSubstr("slower"));
  EXPECT_THAT(table, HasSubstr("900 cycles, 1200 instructions a packet"));
  EXPECT_THAT(table, HasSubstr("2,340,425 with"));
  EXPECT_THAT(flood_table(example()), Not(HasSubstr("INTERRUPTED")));
}

}  // namespace
}  // namespace sklab
