// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/semantics/scenario_records.h"

#include <gtest/gtest.h>

#include <random>
#include <set>

#include "fuzz/target/random.h"
#include "harness/model/random_scenario.h"
#include "harness/model/scenario_text.h"
#include "harness/model/scenario_validate.h"

namespace sklab {
namespace {

std::vector<uint8_t> random_bytes(FuzzRandom &random, size_t size) {
  std::vector<uint8_t> bytes(size);
  for (uint8_t &byte : bytes) byte = static_cast<uint8_t>(random.next());
  return bytes;
}

TEST(ScenarioRecords, AnyBytesAreAValidScenarioThatCanBeEncodedAgain) {
  FuzzRandom random(1);
  std::set<size_t> sockets;
  std::set<Dialect> dialects;
  for (int i = 0; i < 20000; ++i) {
    const auto bytes = random_bytes(random, random.below(600));
    const Scenario scenario = decode_scenario(bytes);
    const auto wrong = find_contradiction(scenario);
    ASSERT_FALSE(wrong) << wrong->what << ": " << wrong->why << "\n" << format_scenario(scenario);
    sockets.insert(scenario.sockets.size());
    dialects.insert(scenario.dialect);
    const auto again = encode_scenario(scenario);
    ASSERT_TRUE(again) << format_scenario(scenario);
    ASSERT_EQ(decode_scenario(*again), scenario);
  }
  EXPECT_GE(sockets.size(), 10U);
  EXPECT_EQ(dialects.size(), kDialects.size());
}

TEST(ScenarioRecords, SayEveryRandomScenarioButForReuseportPrograms) {
  std::mt19937_64 random(2);
  for (int i = 0; i < 5000; ++i) {
    Scenario scenario = random_scenario(random);
    scenario.reuseport_programs.clear();
    ASSERT_TRUE(encode_scenario(scenario)) << format_scenario(scenario);
  }
}

TEST(ScenarioRecords, WhatTheyCannotSayIsNotEncoded) {
  const auto parse = [](const std::string &text) {
    return *parse_scenario("scenario 1\ndialect pass_drop\n" + text);
  };
  const std::string packet = "packet udp4 127.0.0.9:1 -> 127.0.0.1:2\n";
  EXPECT_TRUE(encode_scenario(parse(packet)));
  EXPECT_FALSE(encode_scenario(parse("packet udp4 127.0.0.9:1 -> 127.0.0.77:2\n")));
  EXPECT_FALSE(encode_scenario(parse("socket named udp4 127.0.0.1:1\n" + packet)));
}

TEST(ScenarioRecords, TheLimitsOfScriptedProgramsHold) {
  const std::vector<uint8_t> assigns(kRecordSize * 40, static_cast<uint8_t>(RecordKind::kAssign));
  EXPECT_EQ(decode_scenario(assigns).programs.at(0).assigns.size(), kMostRecordedAssigns);
  const std::vector<uint8_t> returns(kRecordSize * 90, static_cast<uint8_t>(RecordKind::kReturn));
  EXPECT_EQ(decode_scenario(returns).programs.size(), kMaxLinks);
}

}  // namespace
}  // namespace sklab
