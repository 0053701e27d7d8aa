// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/record/result_json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "harness/record/test_record.h"

namespace sklab {
namespace {

using nlohmann::json;
using testing::HasSubstr;

TEST(ResultJson, ReadsBackExactlyWhatWasWritten) {
  RunRecord record = example_record();
  record.rows[0].samples_ns = {0.1, 1.0 / 3.0, 1e-300, 67017.600000000006, -0.0};
  const std::string text = result_json(record);
  const auto parsed = parse_result_json(text);
  ASSERT_TRUE(parsed) << parsed.error().message();
  EXPECT_EQ(result_json(*parsed), text);
  EXPECT_EQ(parsed->rows[0].samples_ns, record.rows[0].samples_ns);
  EXPECT_EQ(parsed->seed, record.seed);
  EXPECT_EQ(parsed->fingerprint, record.fingerprint);
  EXPECT_FALSE(parsed->rows[0].difference);
  ASSERT_TRUE(parsed->rows[1].difference);
  EXPECT_EQ(parsed->rows[1].difference->latency_ns, record.rows[1].difference->latency_ns);
  EXPECT_EQ(parsed->rows[4].status, RowStatus::kFailed);
}

TEST(ResultJson, VersionComesFirstAndMustBeKnown) {
  EXPECT_THAT(result_json(example_record()), testing::StartsWith("{\n \"schema_version\": 1"));
  json document = json::parse(result_json(example_record()));
  document["schema_version"] = 2;
  const auto parsed = parse_result_json(document.dump());
  ASSERT_FALSE(parsed);
  EXPECT_THAT(parsed.error().message(), HasSubstr("expected version 1, not 2"));
}

TEST(ResultJson, UnknownFieldsAreIgnored) {
  json document = json::parse(result_json(example_record()));
  document["later"] = 1;
  document["rows"][0]["later"] = 1;
  EXPECT_TRUE(parse_result_json(document.dump()));
}

TEST(ResultJson, WhatIsNotFiniteIsNullAndReadsBackAsNan) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  for (const double value : {std::nan(""), kInfinity, -kInfinity}) {
    RunRecord record = example_record();
    record.rows[0].samples_ns[0] = value;
    record.rows[0].counters["setup_ms"] = value;
    record.self_checks[0].value.low = value;
    const std::string text = result_json(record);
    EXPECT_TRUE(json::parse(text)["rows"][0]["samples_ns"][0].is_null());
    const auto parsed = parse_result_json(text);
    ASSERT_TRUE(parsed) << parsed.error().message();
    EXPECT_TRUE(std::isnan(parsed->rows[0].samples_ns[0]));
    EXPECT_TRUE(std::isnan(parsed->rows[0].counters.at("setup_ms")));
    EXPECT_TRUE(std::isnan(parsed->self_checks[0].value.low));
    EXPECT_EQ(result_json(*parsed), text);
  }
}

TEST(ResultJson, TextThatIsNotUtf8DoesNotLoseTheRun) {
  RunRecord record = example_record();
  record.command_line = "sklab bench --output r\xe9sultats";
  const auto parsed = parse_result_json(result_json(record));
  ASSERT_TRUE(parsed) << parsed.error().message();
  EXPECT_EQ(parsed->command_line, "sklab bench --output r\xef\xbf\xbdsultats");
}

TEST(ResultJson, PointersAreEscaped) {
  json document = json::parse(result_json(example_record()));
  document["fingerprint"]["mitigations"]["a/b~c"] = 1;
  const auto parsed = parse_result_json(document.dump());
  ASSERT_FALSE(parsed);
  EXPECT_THAT(parsed.error().message(), HasSubstr("/fingerprint/mitigations/a~1b~0c;"));
}

TEST(ResultJson, NamesTheFieldThatIsWrong) {
  const json whole = json::parse(result_json(example_record()));
  const std::vector<std::pair<const char *, json>> wrong = {
      {"/seed", -1},
      {"/rows/1/latency_ns/low", "x"},
      {"/rows/0/status", "fine"},
      {"/rows/0/cpus", 5000000000},
      {"/fingerprint/mitigations/spectre_v2", 1},
      {"/warnings", "one"},
      {"/self_checks/0/passed", 1},
  };
  for (const auto &[pointer, value] : wrong) {
    json document = whole;
    document[json::json_pointer(pointer)] = value;
    const auto parsed = parse_result_json(document.dump());
    ASSERT_FALSE(parsed) << pointer;
    EXPECT_EQ(parsed.error().kind, ErrorKind::kUsage);
    EXPECT_THAT(parsed.error().message(), HasSubstr(pointer));
  }
}

TEST(ResultJson, EveryFieldIsNeeded) {
  const json whole = json::parse(result_json(example_record()));
  for (const auto &[name, value] : whole.items()) {
    json document = whole;
    document.erase(name);
    const auto parsed = parse_result_json(document.dump());
    ASSERT_FALSE(parsed) << name;
    EXPECT_THAT(parsed.error().message(), HasSubstr("/" + name));
  }
  for (const char *text : {"", "[]", "{", "null"}) EXPECT_FALSE(parse_result_json(text));
}

}  // namespace
}  // namespace sklab
