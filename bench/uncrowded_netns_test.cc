// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "bench/uncrowded_netns.h"

#include <gtest/gtest.h>

#include "bench/population.h"
#include "bench/traffic.h"
#include "harness/kernel/socket_hash.h"

namespace sklab {
namespace {

SocketSpec bound_to(const char *endpoint) {
  SocketSpec socket;
  socket.local = *parse_endpoint(endpoint);
  socket.family = socket.local.address.family;
  return socket;
}

Packet packet_to(const char *endpoint) {
  return {Protocol::kUdp, *parse_endpoint("198.51.100.9:1"), *parse_endpoint(endpoint)};
}

TEST(UncrowdedNetnsTest, ASocketOfAnotherEndpointInThePacketsBucketCrowdsIt) {
  constexpr uint32_t kMix = 0x12345678;
  const Packet packet = packet_to("192.0.2.1:7000");
  const uint32_t wanted = port_address_hash(kMix, packet.destination.address, 7000);
  SocketSpec other = bound_to("192.0.2.2:1");
  other.local.port = port_with_hash(kMix, other.local.address, wanted);
  EXPECT_TRUE(is_crowded({other}, {packet}, kMix));
  EXPECT_TRUE(is_crowded({bound_to("192.0.2.1:7000"), other}, {packet}, kMix));
  // The next bucket.
  other.local.port ^= 1U;
  EXPECT_FALSE(is_crowded({other}, {packet}, kMix));
}

TEST(UncrowdedNetnsTest, ThoseThatThePacketMayBeForDoNot) {
  const std::vector<SocketSpec> sockets = {bound_to("192.0.2.1:7000"),
                                           bound_to("[::ffff:192.0.2.1]:7000")};
  int crowded = 0;
  for (uint32_t mix = 0; mix < 1280; ++mix) {
    crowded += is_crowded(sockets, {packet_to("192.0.2.1:7000")}, mix);
  }
  // Where the wildcard's bucket is this one, too: there they are looked at twice.
  EXPECT_LT(crowded, 25);
}

TEST(UncrowdedNetnsTest, TheWildcardsBucketIsLookedAtToo) {
  size_t crowded = 0;
  for (uint32_t mix = 0; mix < 10000; ++mix) {
    crowded += is_crowded({bound_to("192.0.2.2:7001")}, {packet_to("192.0.2.1:7000")}, mix);
  }
  // Two buckets of 128.
  EXPECT_NEAR(static_cast<double>(crowded), 10000. * 2 / 128, 60);
}

// What is_crowded() is for: with the same packets everywhere, some netns has to be found quickly.
TEST(UncrowdedNetnsTest, MostNetnsAreFineForEveryFamily) {
  for (const FamilyCase &family : family_cases()) {
    const Population population = make_population(family, {PopulationKind::kServices, 0}, 0);
    const auto packets = single_packets(family, population);
    int fine = 0;
    for (uint32_t mix = 0; mix < 1000; ++mix) fine += !is_crowded(population.sockets, packets, mix);
    EXPECT_GT(fine, 200) << family.name;
  }
}

}  // namespace
}  // namespace sklab
