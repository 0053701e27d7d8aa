// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/model/scenario_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <string_view>

#include "harness/model/random_scenario.h"

namespace sklab {
namespace {

using testing::HasSubstr;

constexpr char kHead[] = "scenario 1\ndialect pass_drop\nsocket a udp4 127.0.0.1:7007\n";
constexpr char kPacket[] = "packet udp4 127.0.0.9:4000 -> 127.0.0.1:7007\n";

TEST(ScenarioText, RoundTripsEveryRandomScenario) {
  std::mt19937_64 random(1);
  for (int i = 0; i < 20000; ++i) {
    const Scenario scenario = random_scenario(random);
    const std::string text = format_scenario(scenario);
    const auto parsed = parse_scenario(text);
    ASSERT_TRUE(parsed) << parsed.error().message() << "\n" << text;
    ASSERT_EQ(*parsed, scenario) << text;
    ASSERT_EQ(format_scenario(*parsed), text);
  }
}

TEST(ScenarioText, ReadsCommentsBlankLinesAndOtherOrders) {
  const auto scenario = parse_scenario(
      "# a comment\n\n  scenario 1 # version\ndialect pass_drop\r\n"
      "packet tcp6 [::1]:1 -> [fd00::1]:2\n"
      "socket a tcp6 [::]:2 reuseport=0x10\n"
      "program assign a flags=0x10 replace;assign null;drop");
  ASSERT_TRUE(scenario) << scenario.error().message();
  EXPECT_EQ(scenario->sockets[0].reuseport_group, 16U);
  EXPECT_EQ(scenario->programs[0].assigns[0].flags, 0x11U);
  EXPECT_EQ(scenario->programs[0].return_code, kSkDrop);
}

TEST(ScenarioText, ReadsTheCodesOfOlderDialects) {
  const auto scenario = parse_scenario(
      "scenario 1\ndialect redirect redirect=39 drop=1\n"
      "program return=7\nprogram drop\nprogram redirect\n" +
      std::string(kPacket));
  ASSERT_TRUE(scenario) << scenario.error().message();
  EXPECT_EQ(scenario->codes, (ReturnCodes{0, 1, 39}));
  EXPECT_EQ(scenario->programs[0].return_code, 7U);
  EXPECT_EQ(scenario->programs[1].return_code, 1U);
  EXPECT_EQ(scenario->programs[2].return_code, 39U);
}

struct Malformed {
  std::string text;
  std::string position;
  std::string expected;
};

TEST(ScenarioText, SaysWhereAndWhatIsWrong) {
  const std::string head = kHead;
  const std::vector<Malformed> cases = {
      {"", "1:1", "scenario 1"},
      {"scenario 2\n", "1:10", "version 1"},
      {"dialect pass_drop\n", "1:1", "scenario 1"},
      {"scenario 1\ndialect reject\n", "2:9", "pass_drop"},
      {"scenario 1\ndialect ok_drop drop=x\n", "2:17", "a number"},
      {"scenario 1\ndialect ok_drop nine=9\n", "2:17", "ok=NUMBER"},
      {"scenario 1\nprogram pass\n", "2:1", "the dialect before"},
      {"scenario 1\n", "2:1", "a dialect"},
      {head, "4:1", "a packet"},
      {head + "nonsense\n", "4:1", "dialect, socket, program, reuseport or packet"},
      {head + "socket a udp4 127.0.0.1:1\n", "4:8", "no other socket has"},
      {head + "socket b sctp4 127.0.0.1:1\n", "4:10", "tcp4, tcp6"},
      {head + "socket b udp4 127.0.0.1\n", "4:15", "address:port"},
      {head + "socket b udp4 127.0.0.1:1 fast\n", "4:27", "v6only"},
      {head + "socket b udp4 127.0.0.1:1 reuseport=x\n", "4:27", "a number"},
      {head + "socket b udp4 127.0.0.1:1 reuseport=4294967296\n", "4:27", "a number"},
      {head + "program assign b; pass\n", "4:16", "a socket named above"},
      {head + "program assign a pass\n", "4:18", "replace, no_reuseport"},
      {head + "program assign a; nothing\n", "4:19", "assign, pass, drop"},
      {head + "program assign a;\n", "4:18", "assign, pass, drop"},
      {head + "program assign a flags=0xg; pass\n", "4:18", "a number"},
      {head + "program pass pass\n", "4:14", "end of the line"},
      {head + "packet udp4 [::1]:1 -> 127.0.0.1:2\n", "4:13", "of that family"},
      {head + "packet udp4 127.0.0.1:1 127.0.0.1:2\n", "4:25", "->"},
      {head + kPacket + kPacket, "5:1", "one packet"},
      {head + "socket b udp6 [::]:1 v6only v6only\n", "4:29", "v6only once"},
      {head + "socket b udp4 127.0.0.1:1 reuseport=1 reuseport=1\n", "4:39", "one reuseport"},
      {head + "socket b udp4 127.0.0.1:1 peer=127.0.0.9:1 peer=127.0.0.9:1\n", "4:44", "one peer"},
      {head + kPacket + "socket b udp4 [::1]:1\n", "5:1", "another family"},
      {head + kPacket + "program pass\nprogram return=2\n", "6:1", "pass or drop"},
      {head + "packet udp4 127.0.0.1:1 -> 0.0.0.0:2\n", "4:1", "wildcard"},
  };
  for (const Malformed &malformed : cases) {
    const auto parsed = parse_scenario(malformed.text);
    ASSERT_FALSE(parsed) << malformed.text;
    EXPECT_EQ(parsed.error().kind, ErrorKind::kUsage);
    EXPECT_EQ(parsed.error().object, malformed.position) << malformed.text;
    EXPECT_THAT(parsed.error().message(), HasSubstr(malformed.expected)) << malformed.text;
  }
}

TEST(ValidateScenario, RefusesContradictions) {
  const std::string head = kHead;
  for (const std::string line :
       {"socket b udp6 127.0.0.1:1\n", "socket 1b udp4 127.0.0.1:1\n",
        "socket null udp4 127.0.0.1:1\n", "socket b udp4 127.0.0.1:0\n",
        "socket b udp4 127.0.0.1:1 v6only\n", "socket b udp6 [::ffff:127.0.0.1]:1 v6only\n",
        "socket b udp4 0.0.0.0:1 peer=127.0.0.9:1\n",
        "socket b udp4 127.0.0.1:1 peer=127.0.0.9:0\n",
        "socket b udp4 127.0.0.1:1\nsocket c udp4 127.0.0.1:1\n",
        "socket b tcp4 127.0.0.1:1\nsocket c tcp6 [::]:1\n",
        "socket b tcp4 127.0.0.1:1 peer=127.0.0.9:1 reuseport=1\n",
        "socket b udp6 [::ffff:127.0.0.1]:1 peer=[fd00::3]:1\n",
        "socket b udp4 127.0.0.1:1 peer=[fd00::3]:1\n",
        "socket b udp4 127.0.0.1:1 reuseport=1\nsocket c udp4 127.0.0.1:2 reuseport=1\n",
        "socket b udp4 127.0.0.1:1 reuseport=1\nsocket c udp4 127.0.0.1:1 reuseport=2\n",
        "socket b udp6 [::1]:1 reuseport=1\nsocket c udp6 [::1]:1 v6only reuseport=2\n",
        "socket b udp6 [::ffff:0.0.0.0]:1 peer=[::ffff:127.0.0.9]:1\n", "program return=2\n"}) {
    EXPECT_FALSE(parse_scenario(head + line + kPacket)) << line;
    EXPECT_TRUE(parse_scenario(head + kPacket));
  }
  EXPECT_FALSE(parse_scenario(head + "packet udp6 [::ffff:127.0.0.1]:1 -> [::1]:1\n"));
  EXPECT_FALSE(parse_scenario(head + "packet udp4 127.0.0.1:1 -> 0.0.0.0:1\n"));
  const std::string ipv4 = "socket b udp4 127.0.0.1:1 peer=127.0.0.9:1\n";
  const std::string mapped = "socket c udp6 [::ffff:127.0.0.1]:1 peer=[::ffff:127.0.0.9]:1\n";
  EXPECT_TRUE(parse_scenario(head + ipv4 + kPacket));
  EXPECT_FALSE(parse_scenario(head + ipv4 + mapped + kPacket));
  const std::string established = "socket b tcp4 127.0.0.1:1 peer=127.0.0.9:2\n";
  EXPECT_TRUE(parse_scenario(head + established + "packet tcp4 127.0.0.9:2 -> 127.0.0.1:1\n"));
  EXPECT_FALSE(parse_scenario(head + established + "packet tcp4 127.0.0.1:1 -> 127.0.0.9:2\n"));
}

TEST(ValidateScenario, OptionsThatMakeNoDifferenceDoNotSplitAGroup) {
  EXPECT_TRUE(parse_scenario(std::string(kHead) +
                             "socket b udp6 [::1]:1 reuseport=1\n"
                             "socket c udp6 [::1]:1 v6only reuseport=1\n" +
                             kPacket));
}

// What text cannot say, a scenario that was made otherwise can.
TEST(ValidateScenario, RefusesWhatTextCannotSay) {
  Scenario scenario = *parse_scenario(std::string(kHead) + kPacket);
  scenario.programs.push_back({{{1, 0}}, kSkPass});
  EXPECT_FALSE(validate_scenario(scenario));
}

TEST(ValidateScenario, At64ProgramsIsTheLimit) {
  Scenario scenario = *parse_scenario(std::string(kHead) + kPacket);
  scenario.programs.resize(64);
  EXPECT_TRUE(validate_scenario(scenario));
  scenario.programs.resize(65);
  EXPECT_FALSE(validate_scenario(scenario));
}

// Whatever is read, there is an answer: a scenario that is valid, or an error.
TEST(ScenarioText, DamagedTextNeverBreaksTheParser) {
  std::mt19937_64 random(3);
  constexpr std::string_view alphabet("; \n#:[]0x=assign null pass\0\xff", 28);
  for (int i = 0; i < 5000; ++i) {
    std::string text = format_scenario(random_scenario(random));
    for (size_t damage = 0; damage < 1 + random() % 4; ++damage) {
      text[random() % text.size()] = alphabet[random() % alphabet.size()];
    }
    const auto parsed = parse_scenario(text);
    if (parsed) {
      EXPECT_TRUE(validate_scenario(*parsed));
    }
  }
}

}  // namespace
}  // namespace sklab
