// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/path/flood_books.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sklab {
namespace {

using testing::HasSubstr;
using testing::Pair;
using testing::UnorderedElementsAre;

TEST(FloodBooksTest, OnlyCountersOfTheProtocolAndFamilyCount) {
  const NetworkCounters before = {
      {"UdpNoPorts", 5}, {"Udp6NoPorts", 0}, {"TcpInCsumErrors", 1}, {"IpInDiscards", 2}};
  const NetworkCounters after = {
      {"UdpNoPorts", 9}, {"Udp6NoPorts", 7}, {"TcpInCsumErrors", 4}, {"IpInDiscards", 3}};
  EXPECT_THAT(ends_by_counters(Protocol::kUdp, Family::kIpv4, before, after),
              UnorderedElementsAre(Pair("UdpNoPorts", 4U), Pair("IpInDiscards", 1U)));
  EXPECT_THAT(ends_by_counters(Protocol::kUdp, Family::kIpv6, before, after),
              UnorderedElementsAre(Pair("Udp6NoPorts", 7U)));
  // TCP's are shared by both families.
  EXPECT_THAT(ends_by_counters(Protocol::kTcp, Family::kIpv6, before, after),
              UnorderedElementsAre(Pair("TcpInCsumErrors", 3U)));
}

TEST(FloodBooksTest, ACounterThatAKernelDoesNotHaveIsNoEnd) {
  EXPECT_TRUE(ends_by_counters(Protocol::kUdp, Family::kIpv4, {}, {{"UdpNoPorts", 9}}).empty());
}

TEST(FloodBooksTest, BooksBalanceOnlyIfAllPacketsEndedAsExpected) {
  EXPECT_TRUE(check_ends({{"socket a", 10}}, "socket a", 10));
  for (const PacketEnds &wrong : std::vector<PacketEnds>{{},
                                                         {{"socket a", 9}},
                                                         {{"socket a", 11}},
                                                         {{"socket b", 10}},
                                                         {{"socket a", 10}, {"UdpNoPorts", 1}}}) {
    const auto checked = check_ends(wrong, "socket a", 10);
    ASSERT_FALSE(checked);
    EXPECT_EQ(checked.error().kind, ErrorKind::kMismatch);
  }
  const auto checked = check_ends({{"socket a", 7}, {"UdpNoPorts", 1}}, "socket a", 10);
  EXPECT_THAT(checked.error().message(), HasSubstr("1 at UdpNoPorts, 7 at socket a, 2 nowhere"));
}

}  // namespace
}  // namespace sklab
