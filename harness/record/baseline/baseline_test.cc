// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>

#include "harness/record/baseline/baseline_json.h"
#include "harness/record/baseline/baseline_noise.h"
#include "harness/record/baseline/baseline_store.h"
#include "harness/record/baseline/baseline_table.h"
#include "harness/record/baseline/example_baseline.h"

namespace sklab {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;

json example() { return json::parse(baseline_json(example_baseline())); }

std::string error_of(const json &document) {
  const auto parsed = parse_baseline_json(document.dump());
  if (parsed) return "";
  EXPECT_EQ(parsed.error().kind, ErrorKind::kUsage);
  return parsed.error().message();
}

TEST(BaselineJson, ReadsBackAsItWas) {
  const BaselineRecord record = example_baseline();
  const auto parsed = parse_baseline_json(baseline_json(record));
  ASSERT_TRUE(parsed) << parsed.error().message();
  EXPECT_EQ(baseline_json(*parsed), baseline_json(record));
  EXPECT_EQ(parsed->fingerprint, record.fingerprint);
  EXPECT_EQ(parsed->rows[0].counts, record.rows[0].counts);
}

// A baseline is kept for months and edited by hands: nothing of it may lead to a verdict that rests
// on nothing.
TEST(BaselineJson, WhatNoGateCouldUseIsNamed) {
  const auto damaged = [](const std::string &pointer, const json &value) {
    json document = example();
    document[json::json_pointer(pointer)] = value;
    return error_of(document);
  };
  EXPECT_EQ(error_of(example()), "");
  EXPECT_THAT(damaged("/schema_version", 2), HasSubstr("expected version 1, not 2"));
  EXPECT_THAT(damaged("/rows", json::array()), HasSubstr("/rows; there is none"));
  EXPECT_THAT(damaged("/rows/1/name", "udp4/pass"), HasSubstr("/rows/1; this row is there twice"));
  EXPECT_THAT(damaged("/rows/0/first/latency_ns", json::array()), HasSubstr("without a sample"));
  for (const json &bad : {json(0), json(-1), json()}) {
    EXPECT_THAT(damaged("/rows/0/second/latency_ns/1", bad), HasSubstr("no length of time"));
    EXPECT_THAT(damaged("/rows/0/first/empty_loop_ns/0", bad), HasSubstr("no length of time"));
    EXPECT_THAT(damaged("/batch_ns", bad), HasSubstr("/batch_ns"));
  }
  EXPECT_THAT(damaged("/rows/0/first/empty_loop_ns", json{3.0}), HasSubstr("not as many"));
  EXPECT_THAT(damaged("/rows/0/first/empty_loop_ns", json::array()), HasSubstr("in one recording"));
  EXPECT_THAT(damaged("/rows/0/counts/program_bytes", "61"), HasSubstr("/rows/0/counts"));
}

TEST(RecordingsNoise, IsTheFarEndOfWhatRecordingsDiffer) {
  BaselineRow row;
  row.first.latency_ns = {100, 101, 102, 103, 104, 105};
  EXPECT_EQ(recordings_noise(row), 0);
  for (const double ns : row.first.latency_ns) row.second.latency_ns.push_back(ns * 0.9);
  const double noise = recordings_noise(row);
  EXPECT_GT(noise, 0.1);
  EXPECT_LT(noise, 0.2);
  row.second.latency_ns.resize(2);
  EXPECT_TRUE(std::isinf(recordings_noise(row)));
}

TEST(BaselineTable, Looks) {
  const std::string table = baseline_table(example_baseline());
  EXPECT_THAT(table, HasSubstr("baseline ci: recorded 2026-11-25T09:00:00Z in 42 s, quick, 5 and 5 "
                               "processes a row; sklab"));
  EXPECT_THAT(table, HasSubstr("udp4/pass                                         50.75 [48.50, "
                               "52.50]                7.29 %\n"));
  EXPECT_THAT(table, HasSubstr("\n  cpu_model: "));
  EXPECT_THAT(table, testing::Not(HasSubstr("kernel_release:")));
  std::istringstream lines(table);
  for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 100U) << line;
}

TEST(BaselineList, SaysWhyOneIsOfNoUse) {
  EXPECT_EQ(
      baseline_list(
          {{"b/ci.json", "2026-11-25T09:00:00Z", 20, ""}, {"b/x.json", "", 0, "cannot read it"}}),
      "baseline                                 recorded              rows\n"
      "b/ci.json                                2026-11-25T09:00:00Z    20  can be used here\n"
      "b/x.json                                                          0  no use here\n"
      "    cannot read it\n");
}

class BaselineStore : public testing::Test {
 protected:
  BaselineStore() : folder_(testing::TempDir() + "sklab-baselines/deep") {
    std::filesystem::remove_all(folder_);
  }
  std::filesystem::path folder_;
};

TEST_F(BaselineStore, NamesAreFilesOfTheFolder) {
  EXPECT_EQ(*baseline_path("f", "ci-1.2_a"), "f/ci-1.2_a.json");
  EXPECT_EQ(*baseline_path("f", "other/ci"), "other/ci");
  EXPECT_EQ(*baseline_path("f", "ci.json"), "ci.json");
  for (const char *wrong : {"", ".ci", "a b", "a\nb"}) EXPECT_FALSE(baseline_path("f", wrong));
}

TEST_F(BaselineStore, WhatExistsIsReplacedOnlyIfAsked) {
  EXPECT_THAT(*baseline_files(folder_), testing::IsEmpty());
  const auto file = folder_ / "ci.json";
  BaselineRecord record = example_baseline();
  ASSERT_TRUE(write_baseline(file, record, false));
  EXPECT_FALSE(write_baseline(file, record, false));
  record.seed = 77;
  ASSERT_TRUE(write_baseline(file, record, true));
  EXPECT_EQ(read_baseline(file)->seed, 77U);
  EXPECT_THAT(*baseline_files(folder_), ElementsAre(file));
}

TEST_F(BaselineStore, ErrorsNameTheFile) {
  const auto missing = read_baseline(folder_ / "no.json");
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().kind, ErrorKind::kUsage);
  EXPECT_THAT(missing.error().message(), HasSubstr("deep/no.json: No such file"));
  std::filesystem::create_directories(folder_);
  std::ofstream(folder_ / "half.json") << "{\"schema_version\": 1, \"na";
  EXPECT_THAT(read_baseline(folder_ / "half.json").error().message(), HasSubstr("deep/half.json"));
}

}  // namespace
}  // namespace sklab
