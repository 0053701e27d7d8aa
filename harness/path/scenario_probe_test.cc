// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// The model against the kernel.
#include "harness/path/scenario_probe.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <random>

#include "harness/model/model.h"
#include "harness/model/random_scenario.h"
#include "harness/model/scenario_text.h"

namespace sklab {
namespace {

class ScenarioProbeTest : public testing::Test {
 protected:
  void SetUp() override {
    auto probe = ScenarioProbe::create();
    ASSERT_TRUE(probe) << probe.error().message();
    probe_.emplace(std::move(*probe));
  }

  void expect_agreement(const Scenario &scenario) {
    const auto observed = probe_->observe(scenario);
    ASSERT_TRUE(observed) << observed.error().message() << "\n" << format_scenario(scenario);
    const Outcome expected = evaluate(scenario);
    EXPECT_TRUE(allows(expected, *observed))
        << format_scenario(scenario) << "model:  " << describe(expected, scenario)
        << "\nkernel: " << describe(*observed, scenario);
  }

  std::optional<ScenarioProbe> probe_;
};

// Every ordered pair of programs that differ in what they do to the selection.
TEST_F(ScenarioProbeTest, PairsOfPrograms) {
  constexpr std::array kPrograms = {"pass",
                                    "drop",
                                    "assign a; pass",
                                    "assign b; drop",
                                    "assign null replace; pass",
                                    "assign b replace; pass",
                                    "assign g no_reuseport; pass",
                                    "assign a; assign b flags=0x4; assign wrong; pass"};
  struct Case {
    const char *kind;
    const char *wrong;
    const char *server;
    const char *client;
  };
  constexpr std::array kCases = {Case{"udp4", "tcp4", "127.0.0.1", "127.0.0.9"},
                                 Case{"tcp4", "udp4", "127.0.0.1", "127.0.0.9"},
                                 Case{"udp6", "tcp6", "[fd00::1]", "[fd00::3]"}};
  for (const Case &c : kCases) {
    for (const char *first : kPrograms) {
      for (const char *second : kPrograms) {
        const auto scenario = parse_scenario(
            fmt::format("scenario 1\ndialect pass_drop\n"
                        "socket server {0} {2}:7000\nsocket a {0} {2}:7001\nsocket b {0} {2}:7002\n"
                        "socket g {0} {2}:7003 reuseport=1\nsocket h {0} {2}:7003 reuseport=1\n"
                        "socket wrong {1} {2}:7004\nprogram {4}\nprogram {5}\n"
                        "packet {0} {3}:4000 -> {2}:7000\n",
                        c.kind, c.wrong, c.server, c.client, first, second));
        ASSERT_TRUE(scenario) << scenario.error().message();
        expect_agreement(*scenario);
      }
    }
  }
}

TEST_F(ScenarioProbeTest, RandomScenarios) {
  std::mt19937_64 random(1);
  for (int i = 0; i < 1500; ++i) expect_agreement(random_scenario(random));
}

TEST_F(ScenarioProbeTest, SixtyFourPrograms) {
  std::mt19937_64 random(2);
  for (int i = 0; i < 5; ++i) {
    Scenario scenario = random_scenario(random);
    while (scenario.programs.empty()) scenario = random_scenario(random);
    const size_t own = scenario.programs.size();
    for (size_t k = own; k < 64; ++k) scenario.programs.push_back(scenario.programs[k % own]);
    expect_agreement(scenario);
  }
}

// What the kernel does, in the kernel's words and without the model.
TEST_F(ScenarioProbeTest, Table) {
  struct Case {
    const char *packet;  // from 127.0.0.9:4000 or [fd00::3]:4000
    const char *programs;
    const char *observed;
  };
  constexpr Case kCases[] = {
      {"udp4 127.0.0.9:4000 -> 127.0.0.1:7000", "", "socket=server runs= assigns="},
      {"udp4 127.0.0.9:4000 -> 127.0.0.1:7999", "", "socket=none runs= assigns="},
      {"udp4 127.0.0.9:4000 -> 127.0.0.1:7000", "program drop\n", "socket=none runs=1 assigns=[]"},
      {"udp4 127.0.0.9:4000 -> 127.0.0.1:7999", "program assign a; pass\n",
       "socket=a runs=1 assigns=[0]"},
      {"udp4 127.0.0.9:4000 -> 127.0.0.1:7000", "program assign a; drop\nprogram pass\n",
       "socket=none runs=1,1 assigns=[0][]"},
      {"udp4 127.0.0.9:4000 -> 127.0.0.1:7000", "program assign a; pass\nprogram drop\n",
       "socket=a runs=1,1 assigns=[0][]"},
      {"udp4 127.0.0.9:4000 -> 127.0.0.1:7000",
       "program assign a; pass\nprogram assign b; assign b replace; pass\n",
       "socket=b runs=1,1 assigns=[0][-17,0]"},
      {"udp4 127.0.0.9:4000 -> 127.0.0.1:7000",
       "program assign a; pass\nprogram assign null replace; pass\n",
       "socket=a runs=1,1 assigns=[0][0]"},
      {"udp4 127.0.0.9:4000 -> 127.0.0.1:7000",
       "program assign a flags=0x4; assign connected; assign tcp; assign six; pass\n",
       "socket=server runs=1 assigns=[-22,-94,-91,-97]"},
      {"udp4 127.0.0.9:4000 -> 127.0.0.1:7003", "program drop\n",
       "socket=connected runs=0 assigns=[]"},
  };
  for (const Case &c : kCases) {
    const auto scenario = parse_scenario(fmt::format(
        "scenario 1\ndialect pass_drop\nsocket server udp4 127.0.0.1:7000\n"
        "socket a udp4 127.0.0.1:7001\nsocket b udp4 127.0.0.1:7002\n"
        "socket connected udp4 127.0.0.1:7003 peer=127.0.0.9:4000\n"
        "socket tcp tcp4 127.0.0.1:7004\nsocket six udp6 [fd00::1]:7005 v6only\n{}packet {}\n",
        c.programs, c.packet));
    ASSERT_TRUE(scenario) << scenario.error().message();
    const auto observed = probe_->observe(*scenario);
    ASSERT_TRUE(observed) << observed.error().message();
    EXPECT_EQ(describe(*observed, *scenario), c.observed) << format_scenario(*scenario);
  }
}

TEST_F(ScenarioProbeTest, TooManyProgramsAreRefused) {
  Scenario scenario;
  scenario.programs.resize(65);
  const auto refused = probe_->observe(scenario);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().error_number, E2BIG);
}

}  // namespace
}  // namespace sklab
