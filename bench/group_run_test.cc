// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "bench/group_run.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>

#include "bench/suite.h"
#include "harness/kernel/netns_link.h"
#include "harness/model/object_scenario_text.h"

namespace sklab {
namespace {

const RowRecord &row_named(const RunRecord &record, const std::string &name) {
  return *std::find_if(record.rows.begin(), record.rows.end(),
                       [&](const RowRecord &row) { return row.name == name; });
}

SuiteOptions options_for(const std::string &filter, double seconds) {
  SuiteOptions options;
  options.selection.filter = filter;
  options.seconds = seconds;
  return options;
}

// Coarse bounds that hold on any machine: what is measured is a lookup, and more work takes longer.
TEST(RunSuite, MoreWorkTakesLonger) {
  const auto record = run_suite(options_for("^udp4/(pass|series)$|^udp4_programs/(8|64)$", 2));
  ASSERT_TRUE(record) << record.error().message();
  for (const RowRecord &row : record->rows) {
    EXPECT_EQ(row.status, RowStatus::kOk) << row.name << ": " << row.reason;
    EXPECT_GE(row.batches, 12U);
    EXPECT_EQ(row.samples_ns.size(), row.batches);
  }
  const RowRecord &pass = row_named(*record, "udp4/pass");
  const RowRecord &series = row_named(*record, "udp4/series");
  ASSERT_TRUE(pass.difference && series.difference);
  EXPECT_GT(pass.difference->latency_ns.low, 0);
  EXPECT_GT(series.difference->latency_ns.low, pass.difference->latency_ns.high);
  EXPECT_GT(row_named(*record, "udp4_programs/64").latency_ns.low,
            row_named(*record, "udp4_programs/8").latency_ns.high);
}

TEST(RunSuite, CollidingSocketsReallyCollide) {
  const auto record = run_suite(options_for("^(udp|tcp)4_sockets/(spread|collide)_1000$", 2));
  ASSERT_TRUE(record) << record.error().message();
  for (const std::string family : {"udp4", "tcp4"}) {
    EXPECT_GT(row_named(*record, family + "_sockets/collide_1000").latency_ns.low,
              5 * row_named(*record, family + "_sockets/spread_1000").latency_ns.high);
  }
}

TEST(RunSuite, LeavesNoLinkBehind) {
  ASSERT_TRUE(run_suite(options_for("^tcp6/drop$", 0.2)));
  const auto links = count_sk_lookup_links();
  ASSERT_TRUE(links);
  EXPECT_EQ(*links, 0U);
}

SharedObject assortment(const std::string &lines) {
  auto object = std::make_shared<ObjectSource>(
      object_source(std::string(SKLAB_TEST_OBJECTS) + "/assortment.bpf.o:drops_a_port"));
  const auto scenario = parse_object_scenario(
      "object 1\nsocket web udp4 192.0.2.1:80\nsocket peer udp4 127.0.0.1:81 peer=127.0.0.9:82\n"
      "entry wide_sockmap key u32:0 socket web\n" +
      lines);
  EXPECT_TRUE(scenario) << scenario.error().message();
  object->scenario = *scenario;
  return object;
}

constexpr char kThreePackets[] =
    "packet udp4 127.0.0.9:1 -> 10.0.0.1:1 = web\npacket udp4 127.0.0.9:1 -> 10.0.0.1:9 = drop\n"
    "packet udp4 127.0.0.9:82 -> 127.0.0.1:81 = peer\n";

TEST(RunSuite, MeasuresAUserSProgram) {
  SuiteOptions options = options_for("", 0.5);
  options.object =
      assortment(std::string(kThreePackets) + "packet udp6 [::1]:1 -> [::1]:9 = drop\n");
  const auto record = run_suite(options);
  ASSERT_TRUE(record) << record.error().message();
  ASSERT_EQ(record->rows.size(), 8U);
  for (const RowRecord &row : record->rows) {
    EXPECT_EQ(row.status, RowStatus::kOk) << row.name << ": " << row.reason;
  }
  // Of 32 packets in turn the third is a connected socket's, ten times: the hook is not reached.
  const RowRecord &program = row_named(*record, "object_udp4/program");
  EXPECT_EQ(program.program_runs, std::vector<uint64_t>{program.verified_lookups / 32 * 22});
  EXPECT_EQ(program.difference->reference, "object_udp4/plain");
  EXPECT_TRUE(program.counters.contains("beyond_pass_ns"));
  EXPECT_THAT(program.definition, testing::HasSubstr("entry wide_sockmap key u32:0 socket web\n"));
  EXPECT_EQ(row_named(*record, "object_udp6/program").difference->reference, "object_udp6/plain");
}

TEST(RunSuite, AUserSProgramThatDoesSomethingElseHasNoNumber) {
  SuiteOptions options = options_for("program", 0.3);
  options.object =
      assortment(std::string(kThreePackets) + "packet udp4 127.0.0.9:1 -> 10.0.0.1:9 = web\n");
  const auto record = run_suite(options);
  ASSERT_TRUE(record) << record.error().message();
  const RowRecord &program = row_named(*record, "object_udp4/program");
  EXPECT_EQ(program.status, RowStatus::kFailed);
  EXPECT_THAT(program.reason, testing::HasSubstr("line 8: packet udp4 127.0.0.9:1 -> 10.0.0.1:9"));
  EXPECT_EQ(row_named(*record, "object_udp4/pass").status, RowStatus::kOk);
}

TEST(RunSuite, RefusesACpuItMayNotUse) {
  SuiteOptions options = options_for("^udp4/pass$", 0.2);
  options.cpu = 100000;
  const auto record = run_suite(options);
  ASSERT_FALSE(record);
  EXPECT_EQ(record.error().kind, ErrorKind::kUsage);
}

}  // namespace
}  // namespace sklab
