// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/record/page/page_content.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>

#include "harness/base/file.h"
#include "harness/record/compare/compare_json.h"
#include "harness/record/compare/example_compare.h"
#include "harness/record/conform_json.h"
#include "harness/record/flood/example_flood.h"
#include "harness/record/flood/flood_json.h"
#include "harness/record/flood/flood_summary.h"
#include "harness/record/gate_json.h"
#include "harness/record/latency/example_latency.h"
#include "harness/record/latency/latency_json.h"
#include "harness/record/page/result_kind.h"
#include "harness/record/range/example_range.h"
#include "harness/record/range/range_json.h"
#include "harness/record/result_json.h"
#include "harness/record/test_record.h"

namespace sklab {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using testing::HasSubstr;

ConformRecord example_conform() {
  ConformRecord record;
  record.groups = {{"sequences", "in every order", 1, {CaseRecord()}}};
  record.groups[0].cases[0].name = "two";
  return record;
}

const json kFigures = {{"seconds", 1},       {"executions", 2}, {"executions_per_s", 2.0},
                       {"checked", 3},       {"kernel_ns", 4},  {"checked_per_s", 3.0},
                       {"known_findings", 0}};
const json kCampaign = {{"schema_version", 1},
                        {"started_utc", "2026-11-25T03:00:00Z"},
                        {"sklab_version", "abc"},
                        {"kernel_release", "6.18.0"},
                        {"folder", "campaign"},
                        {"rules", "kernel"},
                        {"run", 1},
                        {"continues_killed_run", false},
                        {"seed", 5},
                        {"jobs", 1},
                        {"duration_s", 1.5},
                        {"end", "time"},
                        {"failure", ""},
                        {"total", kFigures},
                        {"targets", json::array()},
                        {"findings", json::array()},
                        {"corrupt_inputs", 0},
                        {"other_version_inputs", 0},
                        {"notes", json::array()}};

class PageContentTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = testing::TempDir() + "page_XXXXXX";
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    folder_ = name;
  }
  void TearDown() override { fs::remove_all(folder_); }

  fs::path write(const fs::path &name, const std::string &text) const {
    fs::create_directories((folder_ / name).parent_path());
    std::ofstream(folder_ / name) << text;
    return folder_ / name;
  }

  // That the path is refused, with a message that names it and says `why`.
  static void expect_refused(const fs::path &path, const std::string &why) {
    PageContent content;
    const auto added = add_result(path, content);
    ASSERT_FALSE(added) << path;
    EXPECT_EQ(added.error().kind, ErrorKind::kUsage);
    EXPECT_THAT(added.error().message(), HasSubstr(path.string()));
    EXPECT_THAT(added.error().message(), HasSubstr(why));
    EXPECT_THAT(added.error().message(), testing::Not(HasSubstr("\n")));
  }

  fs::path folder_;
};

TEST_F(PageContentTest, FilesAreKnownByWhatIsInThem) {
  PageContent content;
  ASSERT_TRUE(add_result(write("a", result_json(example_record())), content));
  ASSERT_TRUE(add_result(write("b", gate_json({})), content));
  ASSERT_TRUE(add_result(write("c", conform_json(example_conform())), content));
  const auto added = add_result(write("d", kCampaign.dump()), content);
  ASSERT_TRUE(added) << added.error().message();
  EXPECT_EQ(content.runs.size(), 1U);
  EXPECT_EQ(content.gates.size(), 1U);
  EXPECT_EQ(content.conforms.size(), 1U);
  EXPECT_EQ(content.conforms[0].cases.at(0).name, "two");
  EXPECT_EQ(content.campaigns.size(), 1U);
  ASSERT_TRUE(add_result(write("e", compare_json(example_compare())), content));
  EXPECT_EQ(content.comparisons.size(), 1U);
  const FloodRecord flood = summarise_flood(example_flood_run(), "raw");
  ASSERT_TRUE(add_result(write("f", flood_json(flood)), content));
  EXPECT_EQ(content.floods.size(), 1U);
  ASSERT_TRUE(add_result(write("g", latency_json(example_latency())), content));
  EXPECT_EQ(content.latencies.size(), 1U);
  ASSERT_TRUE(add_result(write("h", range_json(example_range())), content));
  EXPECT_EQ(content.ranges.size(), 1U);
  EXPECT_EQ(content.floods.size(), 1U);
  EXPECT_EQ(content.sources.size(), 8U);
}

TEST_F(PageContentTest, AFolderGivesAllThatIsInIt) {
  write("run/result.json", result_json(example_record()));
  write("run/conform.json", conform_json(example_conform()));
  write("run/google_benchmark.json", "{}");
  PageContent content;
  ASSERT_TRUE(add_result(folder_ / "run", content));
  EXPECT_EQ(content.runs.size(), 1U);
  EXPECT_EQ(content.conforms.size(), 1U);
}

TEST_F(PageContentTest, WhatIsNoResultIsRefused) {
  expect_refused(folder_ / "missing", "No such file");
  expect_refused(write("empty", ""),
                 "sklab bench, gate, conform, compare, flood, latency, range or fuzz");
  expect_refused(write("text", "hello"),
                 "sklab bench, gate, conform, compare, flood, latency, range or fuzz");
  expect_refused(write("array", "[1]"),
                 "sklab bench, gate, conform, compare, flood, latency, range or fuzz");
  expect_refused(write("foreign", R"({"schema_version": 1, "rows": []})"), "sklab bench");
  fs::create_directories(folder_ / "nothing");
  expect_refused(folder_ / "nothing", "result.json");
}

TEST_F(PageContentTest, WhatIsCutOffIsRefusedWhereverThatIs) {
  const std::string whole = result_json(example_record());
  const fs::path file = folder_ / "result.json";
  for (size_t size = 0; size + 3 < whole.size(); size += 97) {
    expect_refused(write("result.json", whole.substr(0, size)), "not all of");
  }
  const std::string conform = conform_json(example_conform());
  for (size_t size = 0; size + 3 < conform.size(); size += 31) {
    expect_refused(write("conform.json", conform.substr(0, size)), "not all of");
  }
}

TEST_F(PageContentTest, OtherVersionsAreRefused) {
  const std::vector<std::pair<const char *, std::string>> all = {
      {"result.json", result_json(example_record())},
      {"gate.json", gate_json({})},
      {"conform.json", conform_json(example_conform())},
      {"summary.json", kCampaign.dump()}};
  for (const auto &[name, text] : all) {
    json document = json::parse(text);
    document["schema_version"] = 2;
    expect_refused(write(name, document.dump()), "expected version 1, not 2");
  }
}

TEST_F(PageContentTest, AWrongFieldIsNamed) {
  json document = kCampaign;
  document["total"]["checked"] = "many";
  expect_refused(write("summary.json", document.dump()), "summary.json:/total/checked");
}

TEST_F(PageContentTest, HistoryIsEveryRunOnceWithoutItsSamples) {
  RunRecord run = example_record();
  run.run_id = "2";
  write("runs/2/result.json", result_json(run));
  run.run_id = "1";
  write("runs/1/result.json", result_json(run));
  write("runs/1/conform.json", conform_json(example_conform()));
  write("runs/3.json", kCampaign.dump());
  write("runs/.4.tmp/result.json", "half");
  write("runs/notes.txt", "text");
  fs::create_symlink("2", folder_ / "runs/latest");
  PageContent content;
  const auto added = add_history(folder_ / "runs", content);
  ASSERT_TRUE(added) << added.error().message();
  ASSERT_EQ(content.history.size(), 2U);
  EXPECT_EQ(content.history[0].run_id, "1");
  EXPECT_TRUE(content.history[0].rows[0].samples_ns.empty());
  EXPECT_EQ(content.campaign_history.size(), 1U);
  EXPECT_TRUE(content.runs.empty());
  EXPECT_TRUE(content.conforms.empty());
}

TEST_F(PageContentTest, AHistoryThatIsNoneIsRefused) {
  PageContent content;
  EXPECT_FALSE(add_history(folder_ / "missing", content));
  fs::create_directories(folder_ / "empty");
  const auto added = add_history(folder_ / "empty", content);
  ASSERT_FALSE(added);
  EXPECT_THAT(added.error().message(), HasSubstr("empty"));
  write("runs/1/result.json", "{");
  const auto damaged = add_history(folder_ / "runs", content);
  ASSERT_FALSE(damaged);
  EXPECT_THAT(damaged.error().message(), HasSubstr("runs/1/result.json"));
}

}  // namespace
}  // namespace sklab
