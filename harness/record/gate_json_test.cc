// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/record/gate_json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "harness/record/test_record.h"

namespace sklab {
namespace {

using nlohmann::json;
using testing::HasSubstr;

TEST(GateJson, ReadsBackAsItWas) {
  const GateRecord record = example_gate();
  const auto parsed = parse_gate_json(gate_json(record));
  ASSERT_TRUE(parsed) << parsed.error().message();
  EXPECT_EQ(gate_json(*parsed), gate_json(record));
  EXPECT_EQ(parsed->base.fingerprint, record.base.fingerprint);
  ASSERT_GE(parsed->rows.size(), kVerdictNames.size());
  for (size_t i = 0; i < kVerdictNames.size(); ++i) {
    EXPECT_EQ(parsed->rows[i].verdict, static_cast<Verdict>(i));
    EXPECT_EQ(parsed->rows[i].further_samples, record.rows[i].further_samples);
  }
}

TEST(GateJson, VerdictsAreNamesAndEstimatesHaveThreeNumbers) {
  const json document = json::parse(gate_json(example_gate()));
  EXPECT_EQ(document["verdict"], "failed");
  EXPECT_EQ(document["rows"][1]["verdict"], "regression");
  EXPECT_EQ(document["rows"][1]["change"],
            (json{{"value", 0.048}, {"low", 0.042}, {"high", 0.054}}));
  EXPECT_TRUE(document["rows"][1]["further_samples"].is_null());
  EXPECT_EQ(document["rows"][2]["further_samples"], 18);
  EXPECT_EQ(document["candidate"]["fingerprint"]["kernel_release"], "6.18.0");
}

TEST(GateJson, WhatIsNotFiniteIsNull) {
  GateRecord record = example_gate();
  record.rows[0].change.low = -std::numeric_limits<double>::infinity();
  const std::string text = gate_json(record);
  EXPECT_TRUE(json::parse(text)["rows"][0]["change"]["low"].is_null());
  const auto parsed = parse_gate_json(text);
  ASSERT_TRUE(parsed) << parsed.error().message();
  EXPECT_TRUE(std::isnan(parsed->rows[0].change.low));
}

TEST(GateJson, NamesTheFieldThatIsWrong) {
  json document = json::parse(gate_json(example_gate()));
  document["rows"][3]["verdict"] = "fine";
  const auto parsed = parse_gate_json(document.dump());
  ASSERT_FALSE(parsed);
  EXPECT_EQ(parsed.error().kind, ErrorKind::kUsage);
  EXPECT_THAT(parsed.error().message(), HasSubstr("/rows/3/verdict"));
  EXPECT_THAT(parsed.error().message(), HasSubstr("no_change or skipped"));
}

}  // namespace
}  // namespace sklab
