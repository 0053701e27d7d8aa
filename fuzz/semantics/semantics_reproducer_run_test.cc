// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// With right expectations and wrong.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <random>

#include "fuzz/semantics/semantics_reproducer.h"
#include "fuzz/target/test_reproducer.h"
#include "harness/model/model.h"
#include "harness/model/mutants.h"
#include "harness/model/random_scenario.h"
#include "harness/model/scenario_text.h"

namespace sklab {
namespace {

using ::testing::HasSubstr;

// Whether a kernel that keeps the rules is sure to be caught in 32 tries. Of several sockets that a
// hash chooses from, half have to be wrong ones.
bool surely_differ(const Outcome &right, const Outcome &wrong) {
  if (wrong.assign_results != right.assign_results || wrong.run_counts != right.run_counts) {
    return true;
  }
  if (right.sockets.empty()) return !wrong.sockets.empty();
  const auto allowed =
      std::count_if(right.sockets.begin(), right.sockets.end(), [&](size_t socket) {
        return std::find(wrong.sockets.begin(), wrong.sockets.end(), socket) != wrong.sockets.end();
      });
  return 2 * static_cast<size_t>(allowed) <= right.sockets.size();
}

// What the first mutant that differs expects.
std::optional<Outcome> wrong_outcome(const Scenario &scenario, const Outcome &right) {
  for (const Mutant &mutant : mutants()) {
    Rules rules = kernel_rules();
    mutant.mutate(rules);
    Outcome wrong = evaluate(scenario, Arrival::kHelper, rules);
    if (surely_differ(right, wrong)) return wrong;
  }
  return std::nullopt;
}

class SemanticsReproducerRun : public ReproducerRun {
 protected:
  void build(const Scenario &scenario, const Outcome &expected, const char *flags = "-O0") {
    ReproducerRun::build(semantics_reproducer("A test.", scenario, expected),
                         format_scenario(scenario), flags);
  }

  // Whether there was a wrong expectation to try.
  bool check(const Scenario &scenario, const char *flags = "-O0") {
    const Outcome right = evaluate(scenario);
    build(scenario, right, flags);
    EXPECT_EQ(run(), 0) << format_scenario(scenario) << output_;
    EXPECT_THAT(output_, HasSubstr("\n  socket found"));
    EXPECT_EQ(output_.find('!'), std::string::npos) << output_;
    const auto wrong = wrong_outcome(scenario, right);
    if (!wrong) return false;
    build(scenario, *wrong, flags);
    EXPECT_EQ(run(), 1) << format_scenario(scenario) << "expected: " << describe(*wrong, scenario)
                        << "\n"
                        << output_;
    EXPECT_THAT(output_, HasSubstr("\n! "));
    return true;
  }
};

// Of each: dialect, sockets and programs, packet.
constexpr const char *kScenarios[] = {
    // No program, and nothing at all.
    "dialect pass_drop\nsocket a udp4 127.0.0.1:7007\n"
    "packet udp4 127.0.0.9:4000 -> 127.0.0.1:7007\n",
    // Errors of all kinds, in two programs.
    "dialect pass_drop\nsocket a udp4 127.0.0.1:7007\nsocket t tcp4 127.0.0.1:7007\n"
    "socket c udp4 127.0.0.1:8008 peer=127.0.0.9:4000\nsocket six udp6 [fd00::1]:7007 v6only\n"
    "program assign a flags=0xfffffffffffffffc; assign t; assign c; assign six; assign a; drop\n"
    "program assign null; assign a; assign null no_reuseport; pass\n"
    "packet udp4 127.0.0.9:4000 -> 127.0.0.2:9\n",
    // A connected UDP socket comes before the hook.
    "dialect pass_drop\nsocket a udp4 127.0.0.1:7007\n"
    "socket c udp4 127.0.0.1:8008 peer=127.0.0.9:4000\nprogram assign a; pass\n"
    "packet udp4 127.0.0.9:4000 -> 127.0.0.1:8008\n",
    // So does a connection.
    "dialect pass_drop\nsocket l tcp6 [::1]:7007\nsocket e tcp6 [fd00::1]:7007 "
    "peer=[fd00::3]:4000\n"
    "program drop\npacket tcp6 [fd00::3]:4000 -> [fd00::1]:7007\n",
    // And cannot be assigned.
    "dialect pass_drop\nsocket l tcp4 127.0.0.1:7007\n"
    "socket e tcp4 127.0.0.1:7007 peer=127.0.0.9:4001\n"
    "program assign e; assign l; pass\npacket tcp4 127.0.0.9:4000 -> 127.0.0.2:9\n",
    // Dual-stack wildcard, and v4-mapped.
    "dialect pass_drop\nsocket w tcp6 [::]:7007\nprogram assign w; pass\n"
    "packet tcp4 127.0.0.9:4000 -> 127.0.0.1:9\n",
    "dialect pass_drop\nsocket m udp6 [::ffff:127.0.0.1]:7007\nsocket o udp6 [::]:8008 v6only\n"
    "program assign o; assign m; pass\npacket udp4 127.0.0.9:4000 -> 127.0.0.1:7007\n",
    "dialect pass_drop\nsocket m tcp6 [::ffff:127.0.0.1]:7007 peer=[::ffff:127.0.0.9]:4000\n"
    "program drop\npacket tcp4 127.0.0.9:4000 -> 127.0.0.1:7007\n",
    // Groups: all members, one alone, one that a program would choose if there were a packet.
    "dialect pass_drop\nsocket a udp4 127.0.0.1:7007 reuseport=1\n"
    "socket b udp4 127.0.0.1:7007 reuseport=1\nprogram assign a; pass\n"
    "packet udp4 127.0.0.9:4000 -> 127.0.0.2:9\n",
    "dialect pass_drop\nsocket a tcp4 127.0.0.1:7007 reuseport=1\n"
    "socket b tcp4 127.0.0.1:7007 reuseport=1\nprogram assign b no_reuseport; pass\n"
    "packet tcp4 127.0.0.9:4000 -> 127.0.0.2:9\n",
    "dialect pass_drop\nsocket a udp6 [fd00::1]:7007 reuseport=1\n"
    "socket b udp6 [fd00::1]:7007 reuseport=1\n"
    "socket c udp6 [fd00::1]:7007 peer=[fd00::3]:9 reuseport=1\nreuseport 1 select b\n"
    "packet udp6 [fd00::3]:4000 -> [fd00::1]:7007\n",
    // NULL, in the way of a drop and not.
    "dialect pass_drop\nsocket a udp4 127.0.0.1:7007\nprogram assign a; pass\n"
    "program assign null replace; pass\nprogram assign null replace; drop\n"
    "packet udp4 127.0.0.9:4000 -> 127.0.0.2:9\n",
    // Eight programs.
    "dialect pass_drop\nsocket a udp4 127.0.0.1:1\nsocket b udp4 127.0.0.1:2\nprogram pass\n"
    "program assign a; drop\nprogram pass\nprogram assign b; pass\nprogram drop\n"
    "program assign a; pass\nprogram assign a replace; drop\nprogram assign b replace; pass\n"
    "packet udp4 127.0.0.9:4000 -> 127.0.0.2:9\n",
    // The older dialects: with REDIRECT and without, with a selection and without.
    "dialect redirect\nsocket a udp4 127.0.0.1:7007\nprogram assign a; pass\nprogram redirect\n"
    "program assign null; drop\npacket udp4 127.0.0.9:4000 -> 127.0.0.2:9\n",
    "dialect redirect ok=3 drop=1 redirect=9\nsocket a udp4 127.0.0.1:7007\n"
    "program assign a; return=77\npacket udp4 127.0.0.9:4000 -> 127.0.0.1:7007\n",
    "dialect redirect\nsocket a udp4 127.0.0.1:7007\nprogram assign a; drop\n"
    "packet udp4 127.0.0.9:4000 -> 127.0.0.1:7007\n",
    "dialect ok_drop\nsocket a tcp4 127.0.0.1:7007\nprogram assign a; drop\nprogram pass\n"
    "packet tcp4 127.0.0.9:4000 -> 127.0.0.2:9\n",
    "dialect ok_drop\nsocket a tcp4 127.0.0.1:7007\nprogram assign a; drop\n"
    "program assign null replace; pass\npacket tcp4 127.0.0.9:4000 -> 127.0.0.1:7007\n",
};

TEST_F(SemanticsReproducerRun, AgreesWithTheRulesAndNotWithMutants) {
  for (const char *text : kScenarios) {
    const auto scenario = parse_scenario(std::string("scenario 1\n") + text);
    ASSERT_TRUE(scenario) << scenario.error().message() << "\n" << text;
    EXPECT_TRUE(check(*scenario)) << "no mutant differs:\n" << text;
    if (HasFatalFailure()) return;
  }
}

TEST_F(SemanticsReproducerRun, RandomScenarios) {
  std::mt19937_64 random(1);
  constexpr int kCount = 12;
  int wrong = 0;
  for (int i = 0; i < kCount; ++i) {
    wrong += check(random_scenario(random)) ? 1 : 0;
    if (HasFatalFailure()) return;
  }
  EXPECT_GT(wrong, kCount / 2);
}

// As many programs as there can be, each by itself and all in one; and as many assigns in the last.
TEST_F(SemanticsReproducerRun, TheLargest) {
  Scenario scenario = *parse_scenario(
      "scenario 1\ndialect pass_drop\nsocket a udp4 127.0.0.1:1\nsocket b udp4 127.0.0.1:2\n"
      "program assign a replace; assign b; pass\npacket udp4 127.0.0.9:4000 -> 127.0.0.2:9\n");
  scenario.programs.resize(64, scenario.programs[0]);
  scenario.programs.back().assigns.resize(16, scenario.programs[0].assigns[0]);
  build(scenario, evaluate(scenario));
  EXPECT_EQ(run(), 0) << output_;
  scenario.dialect = Dialect::kOkDrop;
  for (ScriptedProgram &program : scenario.programs) program.return_code = scenario.codes.drop;
  build(scenario, evaluate(scenario));
  EXPECT_EQ(run(), 0) << output_;
}

// The compiler warns of more.
TEST_F(SemanticsReproducerRun, Optimised) {
  check(*parse_scenario(std::string("scenario 1\n") + kScenarios[1]), "-O2");
}

TEST_F(SemanticsReproducerRun, SaysWhyItCannotRun) {
  const Scenario scenario =
      *parse_scenario("scenario 1\ndialect pass_drop\npacket udp4 127.0.0.9:1 -> 127.0.0.1:1\n");
  build(scenario, evaluate(scenario));
  EXPECT_EQ(run("setpriv --bounding-set=-all --inh-caps=-all"), 4);
  EXPECT_THAT(output_, HasSubstr("SKIP: a network namespace needs root"));
}

TEST_F(SemanticsReproducerRun, ItsOwnFailureIsNoDifference) {
  const Scenario scenario = *parse_scenario(
      "scenario 1\ndialect pass_drop\nsocket elsewhere udp4 192.0.2.1:1\n"
      "packet udp4 127.0.0.9:1 -> 127.0.0.1:1\n");
  build(scenario, evaluate(scenario));
  EXPECT_EQ(run(), 70);
  EXPECT_THAT(output_, HasSubstr("cannot bind a socket: Cannot assign requested address"));
}

}  // namespace
}  // namespace sklab
