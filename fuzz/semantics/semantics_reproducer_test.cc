// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/semantics/semantics_reproducer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fuzz/semantics/semantics_finding.h"
#include "harness/model/model.h"
#include "harness/model/scenario_text.h"

namespace sklab {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string reproducer_for(const char *scenario_text) {
  const auto scenario = parse_scenario(scenario_text);
  EXPECT_TRUE(scenario) << scenario.error().message();
  return semantics_reproducer("What is wrong.", *scenario, evaluate(*scenario));
}

constexpr char kGroup[] =
    "scenario 1\n"
    "dialect pass_drop\n"
    "socket a udp4 127.0.0.1:7007 reuseport=1\n"
    "socket b udp4 127.0.0.1:7007 reuseport=1\n"
    "socket c udp6 [fd00::1]:8008 v6only peer=[fd00::3]:40000\n"
    "program assign c flags=0x4; assign a replace no_reuseport; assign null; drop\n"
    "program assign b; pass\n"
    "packet udp4 127.0.0.9:40000 -> 127.0.0.1:7007\n";

TEST(SemanticsReproducer, SaysTheScenarioInC) {
  const std::string text = reproducer_for(kGroup);
  for (const char *line :
       {" * What is wrong.\n",
        " * program assign c flags=0x4; assign a replace no_reuseport; assign null; drop\n",
        " * Expected: socket=a|b by=hook runs=1,1 assigns=[-22,0,-17][0]\n",
        "\t{.name = \"a\", .family = AF_INET, .type = SOCK_DGRAM, .local = {\"127.0.0.1\", 7007}, "
        ".reuseport = 1},\n",
        "\t{.name = \"c\", .family = AF_INET6, .type = SOCK_DGRAM, .local = {\"fd00::1\", 8008}, "
        ".peer = {\"fd00::3\", 40000}, .v6only = 1},\n",
        "\t.destination = {\"127.0.0.1\", 7007},\n", "\t\tASSIGN(0, 0, SOCKET_c, 0x4ULL),\n",
        "\t\tASSIGN(0, 1, SOCKET_a, BPF_SK_LOOKUP_F_REPLACE | BPF_SK_LOOKUP_F_NO_REUSEPORT),\n",
        "\t\tASSIGN_NULL(0, 2, 0),\n", "\t\tRETURN(SK_DROP),\n",
        "\tput_into_socket_map(SOCKET_a, fds[SOCKET_a]);\n",
        "\tattach(load_program_0());\n\tattach(load_program_1());\n",
        "\tfact(found == MARK(SOCKET_a) ||\n\t     found == MARK(SOCKET_b),\n"
        "\t     \"socket found\", \"a or b\", name_of(sockets, found));\n",
        "\tfact_number(\"program 1 runs as number\", 2, results.program[1].order);\n",
        "\tfact_number(\"program 0: assign c flags=0x4\", -EINVAL, "
        "results.program[0].assigned[0]);\n",
        "in_fresh_netns(run, 32)"}) {
    EXPECT_THAT(text, HasSubstr(line));
  }
}

TEST(SemanticsReproducer, OlderDialectsAreOneProgram) {
  const std::string redirect = reproducer_for(
      "scenario 1\ndialect redirect\nsocket a tcp4 127.0.0.1:80\n"
      "program assign a; pass\nprogram drop\npacket tcp4 127.0.0.9:4000 -> 127.0.0.1:80\n");
  EXPECT_THAT(redirect, HasSubstr("\tattach(load_program_0());\n"));
  EXPECT_THAT(redirect, Not(HasSubstr("load_program_1")));
  EXPECT_THAT(redirect, HasSubstr("\t\tCLEAR_SELECTION,\n\t\t/* A program returned DROP. */\n"
                                  "\t\tRETURN(SK_DROP),\n"));
  EXPECT_THAT(redirect, HasSubstr("in_fresh_netns(run, 1)"));
  const std::string ok_drop = reproducer_for(
      "scenario 1\ndialect ok_drop\nsocket a tcp4 127.0.0.1:80\n"
      "program assign a; pass\npacket tcp4 127.0.0.9:4000 -> 127.0.0.1:80\n");
  EXPECT_THAT(ok_drop, HasSubstr("\t\tRETURN_PASS_IF_SELECTED,\n\t\tCLEAR_SELECTION,\n"));
}

TEST(SemanticsReproducer, IsPartOfAFinding) {
  const Scenario scenario = *parse_scenario(kGroup);
  Observation observed;
  observed.run_counts = {1, 1};
  observed.assign_results = {{-22, 0, 0}, {0}};
  const Finding finding = describe_finding({scenario, evaluate(scenario), observed});
  const std::string &text = finding.files.at("reproducer.c");
  EXPECT_THAT(text, HasSubstr(finding.signature));
  EXPECT_THAT(text, HasSubstr("The kernel did: socket=none runs=1,1 assigns=[-22,0,0][0]"));
  EXPECT_THAT(text, HasSubstr("bpf_sk_lookup_assign()"));
}

}  // namespace
}  // namespace sklab
