// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/path/object_lab.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/kernel/socket_references.h"
#include "harness/model/object_scenario_text.h"

namespace sklab {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// In the file's order.
enum Service : size_t { kWeb, kWildcard, kFirst, kSecond, kPeer, kStream };

constexpr char kServices[] =
    "object 1\nsocket web udp4 192.0.2.1:80\nsocket wildcard udp4 0.0.0.0:81\n"
    "socket first udp4 127.0.0.1:82 reuseport=1\nsocket second udp4 127.0.0.1:82 reuseport=1\n"
    "socket peer udp4 127.0.0.1:83 peer=127.0.0.9:4000\n"
    "socket stream tcp4 127.0.0.1:84 peer=127.0.0.9:4000\n";

ObjectSource assortment(const std::string &program, const std::string &lines) {
  ObjectSource source =
      object_source(std::string(SKLAB_TEST_OBJECTS) + "/assortment.bpf.o:" + program);
  const auto scenario =
      parse_object_scenario(kServices + lines + "packet udp4 127.0.0.9:4000 -> 127.0.0.1:9\n");
  EXPECT_TRUE(scenario) << scenario.error().message();
  source.scenario = *scenario;
  return source;
}

Packet udp_to(const std::string &endpoint) {
  return {Protocol::kUdp, *parse_endpoint("127.0.0.9:4000"), *parse_endpoint(endpoint)};
}

TEST(ObjectLab, SeesEachPacketWithTheProgramAndWithout) {
  using Kind = ProgramAnswer::Kind;
  auto lab =
      ObjectLab::create(assortment("drops_a_port", "entry wide_sockmap key u32:0 socket web\n"));
  ASSERT_TRUE(lab) << lab.error().message();
  const std::vector<Packet> packets = {udp_to("127.0.0.1:9"), udp_to("10.0.0.1:81"),
                                       udp_to("127.0.0.1:83"), udp_to("192.0.2.1:80")};
  const auto batch = lab->observe(packets);
  ASSERT_TRUE(batch) << batch.error().message();
  const ProgramAnswer web{Kind::kSelect, kWeb};
  EXPECT_THAT(batch->observed, ElementsAre(ObjectObservation{{}, {}, {Kind::kDrop, {}}},
                                           ObjectObservation{kWildcard, kWeb, web},
                                           ObjectObservation{kPeer, kPeer, web},
                                           ObjectObservation{kWeb, kWeb, web}));
  // Not for the connected one.
  EXPECT_EQ(batch->runs, 3U);
  EXPECT_EQ(*lab->observe(packets)->observed.begin(), batch->observed.front());
}

TEST(ObjectLab, AGroupIsSelectedAsOne) {
  auto lab =
      ObjectLab::create(assortment("drops_a_port", "entry wide_sockmap key u32:0 socket first\n"));
  ASSERT_TRUE(lab) << lab.error().message();
  bool met[2] = {false, false};
  for (uint16_t port = 1; port < 64; ++port) {
    Packet packet = udp_to("10.0.0.1:1");
    packet.source.port = port;
    const auto batch = lab->observe({&packet, 1});
    ASSERT_TRUE(batch) << batch.error().message();
    const ObjectObservation &seen = batch->observed.front();
    EXPECT_EQ(seen.program.kind, ProgramAnswer::Kind::kSelectGroup);
    ASSERT_TRUE(seen.found == kFirst || seen.found == kSecond);
    met[*seen.found - kFirst] = true;
    const ObjectPacket expected{packet, {ExpectedAnswer::Kind::kSocket, kSecond}, {}};
    EXPECT_THAT(violations_of({lab->scenario(), expected, seen}), IsEmpty());
  }
  EXPECT_TRUE(met[0] && met[1]);
}

TEST(ObjectLab, TheWireAgrees) {
  auto lab =
      ObjectLab::create(assortment("drops_a_port", "entry wide_sockmap key u32:0 socket web\n"));
  ASSERT_TRUE(lab) << lab.error().message();
  const auto before = read_socket_references(lab->netns());
  ASSERT_TRUE(before) << before.error().message();
  struct Sent {
    Packet packet;
    std::optional<Delivery> delivery;
  };
  Packet data = udp_to("127.0.0.1:84");
  data.protocol = Protocol::kTcp;
  const std::vector<Sent> cases = {
      {udp_to("127.0.0.1:9"), Delivery{{}, Reply::kPortUnreachable, 0}},
      {udp_to("10.0.0.1:5"), Delivery{kWeb, Reply::kNone, 0}},
      {udp_to("127.0.0.1:83"), Delivery{kPeer, Reply::kNone, 0}},
      {data, Delivery{kStream, Reply::kAck, 0}},
      {udp_to("224.0.0.1:5"), std::nullopt},
      {udp_to("255.255.255.255:5"), std::nullopt},
      {udp_to("127.255.255.255:5"), std::nullopt},
      {udp_to("127.0.0.1:0"), std::nullopt},
  };
  for (const Sent &one : cases) {
    const auto delivery = lab->send(one.packet);
    ASSERT_TRUE(delivery) << delivery.error().message();
    EXPECT_EQ(*delivery, one.delivery) << one.packet.destination.text();
  }
  EXPECT_EQ(describe_difference(*before, *read_socket_references(lab->netns())), "");
}

TEST(ObjectLab, WithoutAWireAnySocketCanBeEstablished) {
  const std::string stream = "socket own tcp6 [::1]:85 peer=[::1]:4001\n";
  const auto with_wire = ObjectLab::create(assortment("drops_a_port", stream));
  ASSERT_FALSE(with_wire);
  EXPECT_EQ(with_wire.error().kind, ErrorKind::kUnavailable);
  auto lab = ObjectLab::create_without_wire(assortment("drops_a_port", stream));
  ASSERT_TRUE(lab) << lab.error().message();
  const Packet data{Protocol::kTcp, *parse_endpoint("[::1]:4001"), *parse_endpoint("[::1]:85")};
  const std::vector<Packet> packets = {data, udp_to("10.0.0.1:81"), udp_to("127.0.0.1:9")};
  const auto batch = lab->observe(packets);
  ASSERT_TRUE(batch) << batch.error().message();
  constexpr size_t kOwn = kStream + 1;
  EXPECT_EQ(batch->observed[0].found, kOwn);
  EXPECT_EQ(batch->observed[1].found, kWildcard);
  EXPECT_EQ(batch->observed[2].program.kind, ProgramAnswer::Kind::kDrop);
  EXPECT_EQ(batch->runs, 2U);
  EXPECT_EQ(*lab->send(packets[1]), std::nullopt);
}

TEST(ObjectLab, AProgramThatKnowsWhereItRunsIsFoundOut) {
  auto lab = ObjectLab::create(assortment("drops_test_runs", ""));
  ASSERT_TRUE(lab) << lab.error().message();
  const Packet packet = udp_to("192.0.2.1:80");
  const auto batch = lab->observe({&packet, 1});
  ASSERT_TRUE(batch) << batch.error().message();
  const ObjectPacket expected{packet, {ExpectedAnswer::Kind::kDrop, 0}, {}};
  EXPECT_EQ(violations_of({lab->scenario(), expected, batch->observed.front()}).size(), 1U);
}

}  // namespace
}  // namespace sklab
