// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/kernel/network_counters.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sklab {
namespace {

using testing::IsSupersetOf;
using testing::Pair;
using testing::UnorderedElementsAre;

TEST(NetworkCountersTest, NamesAreThoseOfBothLines) {
  EXPECT_THAT(parse_network_counters("Tcp: RtoMin MaxConn InSegs\nTcp: 200 -1 7\n"
                                     "Udp: NoPorts\nUdp: 18446744073709551615\n"),
              UnorderedElementsAre(Pair("TcpRtoMin", 200U), Pair("TcpInSegs", 7U),
                                   Pair("UdpNoPorts", UINT64_MAX)));
}

TEST(NetworkCountersTest, LinesThatDoNotBelongTogetherAreLeftOut) {
  EXPECT_TRUE(parse_network_counters("Tcp: InSegs OutSegs\nTcp: 1\n").empty());
  EXPECT_TRUE(parse_network_counters("Tcp: InSegs\nUdp: 1\n").empty());
  EXPECT_TRUE(parse_network_counters("\n\n").empty());
  EXPECT_TRUE(parse_network_counters("Tcp: InSegs").empty());
}

TEST(NetworkCountersTest, Ipv6HasALineEach) {
  EXPECT_THAT(
      parse_network_counters6("Ip6InReceives                   \t12\nUdp6NoPorts\t3\nodd\n"),
      UnorderedElementsAre(Pair("Ip6InReceives", 12U), Pair("Udp6NoPorts", 3U)));
}

TEST(NetworkCountersTest, ThisKernelHasThoseThatPacketsEndAt) {
  const auto counters = read_network_counters();
  ASSERT_TRUE(counters) << counters.error().message();
  std::vector<std::string> names;
  for (const auto &[name, value] : *counters) names.push_back(name);
  EXPECT_THAT(names, IsSupersetOf({"IpInReceives", "Ip6InReceives", "UdpNoPorts", "Udp6NoPorts",
                                   "UdpInCsumErrors", "TcpInCsumErrors", "TcpExtListenDrops",
                                   "TcpExtTCPMinTTLDrop", "IpExtInNoRoutes"}));
}

}  // namespace
}  // namespace sklab
