// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/campaign/summary.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>

namespace sklab {
namespace {

CampaignRecord example_record() {
  CampaignRecord record;
  record.started_utc = "2026-11-25T03:00:00Z";
  record.sklab_version = "abc";
  record.kernel_release = "6.18.0";
  record.folder = "campaign";
  record.rules = "kernel";
  record.run = 2;
  record.continues_killed_run = true;
  record.seed = 7;
  record.jobs = 2;
  record.duration_s = 60.2;
  record.targets.resize(3);
  record.targets[0] = {.name = "a_fuzzer",
                       .input_version = 1,
                       .run = {30, 45000, 11520000, 0, 0},
                       .all = {90, 135000, 34560000, 0, 0},
                       .corpus_inputs = 3449,
                       .coverage = 542,
                       .features = 8000,
                       .skipped = "",
                       .failed = ""};
  record.targets[1].name = "b_fuzzer";
  record.targets[1].skipped = "b_fuzzer: cannot leave the netns; run as root";
  record.targets[2].name = "c_fuzzer";
  record.targets[2].run.known_findings = 3;
  record.targets[2].failed = "exit code 70: c_fuzzer: cannot open";
  record.findings = {{"a_fuzzer-1", "a_fuzzer", "a socket instead of none", true},
                     {"c_fuzzer-2", "c_fuzzer", "none instead of a socket", false}};
  record.corrupt_inputs = 1;
  record.other_version_inputs = 12;
  return record;
}

TEST(SummaryText, SaysEverything) {
  EXPECT_EQ(summary_text(example_record()),
            R"(Run 2 in campaign, 60 s: its time was over.
The run before was killed; this one goes on with all it had.
Rules: kernel. Seed 7, 2 jobs.
Kernel 6.18.0, sklab abc.
1 corrupt input was moved to corpus/skipped.
12 inputs of other versions or targets were skipped.

target                 seconds         runs  a second        checked   a second  corpus    cov
a_fuzzer                    30        45000      1500       11520000     384000    3449    542
  all runs                  90       135000                 34560000
b_fuzzer                     0            0         0              0          0       0      0
  SKIP b_fuzzer: cannot leave the netns; run as root
c_fuzzer                     0            0         0              0          0       0      0
  FAILED exit code 70: c_fuzzer: cannot open

1 new finding, 2 in the folder, met again 3 times.
  new   a socket instead of none
        campaign/findings/a_fuzzer-1
  known none instead of a socket
        campaign/findings/c_fuzzer-2
)");
}

TEST(SummaryMarkdown, IsATable) {
  const std::string text = summary_markdown(example_record());
  EXPECT_NE(text.find("| a_fuzzer | 30 | 45000 | 1500 | 11520000 | 384000 | 3449 | 542 |  |\n"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("| new | a_fuzzer | a socket instead of none | `findings/a_fuzzer-1` |\n"),
            std::string::npos)
      << text;
}

TEST(SummaryJson, HasAllFields) {
  const auto json = nlohmann::json::parse(summary_json(example_record()));
  EXPECT_EQ(json["exit_code"], 1);
  EXPECT_EQ(json["end"], "time");
  EXPECT_EQ(json["targets"][0]["run"]["executions_per_s"], 1500);
  EXPECT_EQ(json["targets"][0]["all_runs"]["executions"], 135000);
  EXPECT_EQ(json["findings"][0]["new"], true);
  EXPECT_EQ(json["total"]["known_findings"], 3);
}

TEST(SummaryText, WithoutAnythingSpecialIsShort) {
  CampaignRecord record = example_record();
  record.continues_killed_run = false;
  record.corrupt_inputs = record.other_version_inputs = 0;
  record.targets.resize(1);
  record.findings.clear();
  record.end = CampaignEnd::kFailure;
  record.failure = "write campaign.json: No space left on device (errno 28)";
  const std::string text = summary_text(record);
  EXPECT_TRUE(
      text.starts_with("Run 2 in campaign, 60 s: it could not go on: write campaign.json: "
                       "No space left on device (errno 28).\nRules"))
      << text;
  EXPECT_TRUE(text.ends_with("\n0 new findings, 0 in the folder, met again 0 times.\n")) << text;
}

TEST(ExitCodeOfCampaign, AFindingCountsMost) {
  CampaignRecord record = example_record();
  record.end = CampaignEnd::kInterrupted;
  EXPECT_EQ(exit_code(record), ExitCode::kFinding);
  record.findings[0].is_new = false;
  EXPECT_EQ(exit_code(record), ExitCode::kFinding);  // known ones were met again
  record.targets[2].run.known_findings = 0;
  EXPECT_EQ(exit_code(record), ExitCode::kHarnessFailure);  // a target failed
  record.targets[2].failed.clear();
  EXPECT_EQ(exit_code(record), ExitCode::kInterrupted);
  record.end = CampaignEnd::kFailure;
  EXPECT_EQ(exit_code(record), ExitCode::kHarnessFailure);
  record.end = CampaignEnd::kTime;
  EXPECT_EQ(exit_code(record), ExitCode::kOk);
  record.targets[0].run.executions = 0;
  EXPECT_EQ(exit_code(record), ExitCode::kSkip);
}

}  // namespace
}  // namespace sklab
