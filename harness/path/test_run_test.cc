// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/path/test_run.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>

#include "harness/kernel/netns.h"
#include "harness/model/scenario_text.h"
#include "harness/path/scenario_probe.h"

namespace sklab {
namespace {

struct Loaded {
  Scenario scenario;
  Netns netns;
  SocketSet sockets;
  ScriptedPrograms programs;
};

Result<ScriptedPrograms> load_programs(const Scenario &scenario, const Netns &netns,
                                       const SocketSet &sockets) {
  SKLAB_TRY(ScriptedPrograms programs, ScriptedPrograms::create());
  SKLAB_CHECK(programs.use_population(sockets, assigned_sockets(scenario)));
  SKLAB_CHECK(programs.attach(netns, scenario.dialect, scenario.codes, scenario.programs.size()));
  SKLAB_CHECK(programs.write(0, scenario));
  return programs;
}

Result<Loaded> load(const std::string &program) {
  SKLAB_TRY(Scenario scenario,
            parse_scenario("scenario 1\ndialect pass_drop\n"
                           "socket a udp4 127.0.0.1:7000\n"
                           "socket b udp4 127.0.0.1:7001\n"
                           "socket g udp4 127.0.0.1:7002 reuseport=1\n"
                           "program " +
                           program + "\npacket udp4 127.0.0.9:4000 -> 127.0.0.1:7000\n"));
  SKLAB_TRY(Netns netns, Netns::create());
  SKLAB_TRY(SocketSet sockets, SocketSet::create(netns, scenario.sockets));
  SKLAB_TRY(ScriptedPrograms programs, load_programs(scenario, netns, sockets));
  return Loaded{std::move(scenario), std::move(netns), std::move(sockets), std::move(programs)};
}

Result<TestRunResult> run(const Loaded &loaded, uint32_t repeat = 1) {
  return test_run(loaded.programs.fd(0), loaded.scenario.packet, repeat);
}

TEST(TestRun, ReturnsWhatTheProgramDoesAndSelects) {
  const auto passing = load("pass");
  ASSERT_TRUE(passing) << passing.error().message();
  EXPECT_EQ(run(*passing)->return_code, kSkPass);
  EXPECT_EQ(run(*passing)->selected_cookie, 0U);
  EXPECT_EQ(run(*load("drop"))->return_code, kSkDrop);

  const auto assigning = load("assign b; pass");
  EXPECT_EQ(run(*assigning)->selected_cookie, *assigning->sockets.cookie(1));
  EXPECT_EQ(run(*load("assign b; drop"))->selected_cookie, 0U);
}

TEST(TestRun, RepeatsAsOftenAsAsked) {
  const auto loaded = load("assign a; assign null; pass");
  const auto result = run(*loaded, 1000);
  ASSERT_TRUE(result);
  EXPECT_GT(result->elapsed_ns, 1000U);
  EXPECT_EQ(loaded->programs.run_counts()[0], 1000U);
  EXPECT_EQ(loaded->programs.assign_results()[0], (std::vector<int>{0, -EEXIST}));
}

TEST(TestRun, CannotChooseFromAReuseportGroup) {
  const auto refused = run(*load("assign g; pass"));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().error_number, EOPNOTSUPP);
  EXPECT_TRUE(run(*load("assign g no_reuseport; pass")));
}

// What the assign says of a socket that does not fit shows that family and protocol arrived.
// (Binding to an IPv6 address makes a socket IPv6-only.)
TEST(TestRun, ThePacketReachesTheProgram) {
  const auto scenario = parse_scenario(
      "scenario 1\ndialect pass_drop\nsocket u udp4 127.0.0.1:7000\nsocket t tcp6 [fd00::1]:7001\n"
      "program assign u; assign t replace; pass\npacket udp4 127.0.0.9:1 -> 127.0.0.1:7000\n");
  ASSERT_TRUE(scenario) << scenario.error().message();
  const auto netns = Netns::create();
  const auto sockets = SocketSet::create(*netns, scenario->sockets);
  const auto programs = load_programs(*scenario, *netns, *sockets);
  ASSERT_TRUE(programs) << programs.error().message();
  const Endpoint ipv4 = *parse_endpoint("127.0.0.1:7000");
  const Endpoint ipv6 = *parse_endpoint("[fd00::1]:7001");
  struct Case {
    Packet packet;
    std::vector<int> results;
  };
  for (const Case &c : {Case{{Protocol::kUdp, ipv4, ipv4}, {0, -EPROTOTYPE}},
                        Case{{Protocol::kTcp, ipv4, ipv4}, {-EPROTOTYPE, -EAFNOSUPPORT}},
                        Case{{Protocol::kUdp, ipv6, ipv6}, {-EAFNOSUPPORT, -EPROTOTYPE}},
                        Case{{Protocol::kTcp, ipv6, ipv6}, {-EPROTOTYPE, 0}}}) {
    ASSERT_TRUE(test_run(programs->fd(0), c.packet, 1));
    EXPECT_EQ(programs->assign_results()[0], c.results);
  }
}

}  // namespace
}  // namespace sklab
