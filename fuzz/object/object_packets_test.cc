// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/object/object_packets.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "harness/model/object_scenario_text.h"
#include "harness/model/scenario_validate.h"

namespace sklab {
namespace {

ObjectScenario near_scenario() {
  return *parse_object_scenario(
      "object 1\nsocket web tcp4 127.0.0.1:8080\nsocket mapped tcp6 [::ffff:10.0.0.1]:1 "
      "peer=[::ffff:10.0.0.2]:2\nentry m key u32:56 be16:443 ip4:192.0.2.0 u16:5353 value "
      "u32:70000\n"
      "entry n key ip6:2001:db8:: socket web\npacket tcp4 127.0.0.9:4000 -> 192.0.2.7:80\n");
}

TEST(ObjectPackets, AreAllOnesThatAScenarioCanHave) {
  const ObjectScenario scenario = near_scenario();
  ObjectPackets source(scenario, 1);
  std::vector<Packet> packets(50000);
  for (Packet &packet : packets) packet = source.next();
  const auto wrong = find_contradiction(scenario.sockets, packets);
  EXPECT_FALSE(wrong) << wrong->why << ": " << packets[wrong->index].destination.text();
}

TEST(ObjectPackets, MeetWhatTheScenarioHasAndWhatIsBesideIt) {
  ObjectPackets source(near_scenario(), 1);
  EXPECT_THAT(source.ports(), testing::ElementsAre(80, 4000, 8080, 1, 2, 56, 443, 5353));
  std::set<std::pair<Protocol, Family>> kinds;
  std::set<std::string> addresses;
  std::set<uint16_t> ports;
  for (int i = 0; i < 50000; ++i) {
    const Packet packet = source.next();
    kinds.emplace(packet.protocol, packet.source.address.family);
    addresses.insert(packet.destination.address.text());
    ports.insert(packet.destination.port);
  }
  EXPECT_EQ(kinds.size(), 4U);
  for (const char *address : {"192.0.2.7", "192.0.2.0", "192.0.3.0", "192.0.2.1", "127.0.0.1",
                              "10.0.0.1", "2001:db8::", "2001:db9::", "2001:db8::1", "::1"}) {
    EXPECT_TRUE(addresses.contains(address)) << address;
  }
  for (const uint16_t port : {0, 79, 80, 81, 442, 443, 444, 5353, 8080, 65535}) {
    EXPECT_TRUE(ports.contains(port)) << port;
  }
}

TEST(ObjectPackets, ASeedDecides) {
  ObjectPackets first(near_scenario(), 7);
  ObjectPackets second(near_scenario(), 7);
  ObjectPackets other(near_scenario(), 8);
  unsigned different = 0;
  for (int i = 0; i < 100; ++i) {
    const Packet packet = first.next();
    EXPECT_EQ(packet, second.next());
    different += packet == other.next() ? 0 : 1;
  }
  EXPECT_GT(different, 50U);
}

}  // namespace
}  // namespace sklab
