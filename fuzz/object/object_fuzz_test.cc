// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/object/object_fuzz.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>

#include "fuzz/object/object_check.h"
#include "harness/model/object_scenario_text.h"

namespace sklab {
namespace {

using testing::HasSubstr;

constexpr char kSocketsOfTest[] =
    "object 1\nsocket web udp4 127.0.0.1:80\nsocket connected udp4 127.0.0.1:81 peer=127.0.0.9:82\n"
    "socket first udp4 127.0.0.1:83 reuseport=1\nsocket second udp4 127.0.0.1:83 reuseport=1\n";

ObjectLab open_lab(const std::string &program, const std::string &lines) {
  ObjectSource source =
      object_source(std::string(SKLAB_TEST_OBJECTS) + "/assortment.bpf.o:" + program);
  const auto scenario = parse_object_scenario(kSocketsOfTest + lines +
                                              "packet udp4 127.0.0.9:4000 -> 127.0.0.1:80\n");
  EXPECT_TRUE(scenario) << scenario.error().message();
  source.scenario = *scenario;
  auto lab = ObjectLab::create_without_wire(std::move(source));
  EXPECT_TRUE(lab) << lab.error().message();
  return std::move(*lab);
}

ObjectFuzzRecord fuzz(const std::string &program, const std::string &lines, double seconds) {
  ObjectLab lab = open_lab(program, lines);
  ObjectFuzzSettings settings;
  settings.seconds = seconds;
  settings.seed = 1;
  const auto record = fuzz_object(lab, settings);
  EXPECT_TRUE(record) << record.error().message();
  return *record;
}

TEST(FuzzObject, FindsNothingWrongWithAProgramThatKeepsTheRules) {
  const ObjectFuzzRecord record =
      fuzz("takes_from_sockhash", "entry narrow_sockhash key u16:1 socket first\nmay drop\n", 0.3);
  EXPECT_FALSE(record.finding) << record.finding->violation << ": " << record.finding->seen;
  EXPECT_GE(record.packets, 4097U);
  const auto answered = [&](ProgramAnswer::Kind kind) {
    return record.answers[static_cast<size_t>(kind)];
  };
  EXPECT_GT(answered(ProgramAnswer::Kind::kSelectGroup), 0U);
  // What is of another protocol or family than the socket.
  EXPECT_GT(answered(ProgramAnswer::Kind::kDrop), 0U);
  uint64_t all = 0;
  for (const uint64_t count : record.answers) all += count;
  EXPECT_LT(all, record.packets) << "none met the connected socket";
}

TEST(FuzzObject, FindsAPortThatIsDroppedAndReducesThePacket) {
  const ObjectFuzzRecord record = fuzz("drops_a_port", "global dropped_port u32:84\n", 20);
  ASSERT_TRUE(record.finding);
  EXPECT_THAT(record.finding->violation, HasSubstr("drops"));
  ASSERT_EQ(record.finding->packets.size(), 1U);
  // All but the port is what the scenario has first. The port is 0 of the other variable, or this.
  const Packet &packet = record.finding->packets.front().packet;
  EXPECT_THAT(packet.destination.port, testing::AnyOf(0, 84));
  EXPECT_THAT(packet.source.text(), testing::AnyOf("127.0.0.9:4000", "[fd00::1]:80"));
}

TEST(FuzzObject, EveryPacketOfTheScenarioIsLookedUp) {
  std::string lines;
  for (int i = 0; i < 5000; ++i) lines += "packet udp4 127.0.0.9:4000 -> 127.0.0.1:81\n";
  const ObjectFuzzRecord kept = fuzz("drops_a_port", lines, 0);
  EXPECT_FALSE(kept.finding);
  EXPECT_EQ(kept.packets, 5001U);
  lines += "packet udp4 127.0.0.9:4000 -> 127.0.0.1:9\n";
  const ObjectFuzzRecord record = fuzz("drops_a_port", lines, 0);
  ASSERT_TRUE(record.finding);
  ASSERT_EQ(record.finding->packets.size(), 1U);
  EXPECT_EQ(record.finding->packets.front().packet.destination.text(), "127.0.0.1:9");
}

TEST(FuzzObject, ASocketThatIsNotListedIsAViolation) {
  ObjectLab lab = open_lab("drops_a_port", "");
  // One with a mark that none of the scenario's has.
  auto scenario = *parse_object_scenario(
      "object 1\nsocket other udp4 127.0.0.1:99\npacket udp4 127.0.0.9:1 -> 127.0.0.1:99\n");
  const auto sockets = SocketSet::create(lab.netns(), scenario.sockets);
  ASSERT_TRUE(sockets) << sockets.error().message();
  const int mark = 1000;
  ASSERT_EQ(::setsockopt(sockets->fd(0), SOL_SOCKET, SO_MARK, &mark, sizeof(mark)), 0);
  std::vector<ObjectObservation> observed;
  const auto violation = check_object_packets(lab, scenario.packets, observed);
  ASSERT_TRUE(violation) << violation.error().message();
  ASSERT_TRUE(*violation);
  EXPECT_EQ((*violation)->what, kUnknownSocketFound);
  EXPECT_THAT((*violation)->seen, HasSubstr("127.0.0.1:99"));
}

TEST(FuzzObject, FindsAnswersThatChange) {
  const ObjectFuzzRecord record =
      fuzz("alternates", "entry wide_sockmap key u32:0 socket web\n", 20);
  ASSERT_TRUE(record.finding);
  EXPECT_THAT(record.finding->violation, testing::AnyOf(HasSubstr("another answer"),
                                                        HasSubstr("disagree"), HasSubstr("drops")));
}

TEST(FuzzObject, AFindingIsAScenario) {
  const auto scenario = parse_object_scenario(std::string(kSocketsOfTest) +
                                              "packet udp4 127.0.0.9:4000 -> 127.0.0.1:80 = web\n");
  ASSERT_TRUE(scenario);
  ObjectPacket packet = scenario->packets.front();
  packet.packet.destination.port = 9;
  const std::string text = finding_text({"it is wrong", "socket=none", {packet}}, *scenario, 5);
  EXPECT_THAT(text, HasSubstr("# it is wrong\n# socket=none\n"));
  EXPECT_THAT(text, HasSubstr("--seed 5"));
  const auto again = parse_object_scenario(text);
  ASSERT_TRUE(again) << again.error().message();
  EXPECT_EQ(again->sockets, scenario->sockets);
  EXPECT_EQ(again->packets, std::vector<ObjectPacket>{packet});
}

}  // namespace
}  // namespace sklab
