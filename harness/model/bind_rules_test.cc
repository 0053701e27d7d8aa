// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/model/bind_rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "harness/model/random_scenario.h"

namespace sklab {
namespace {

SocketSpec udp(const char *local, bool v6_only = false, std::optional<unsigned> group = {}) {
  SocketSpec socket;
  socket.name = "s";
  socket.local = {*parse_address(local), 7007};
  socket.family = socket.local.address.family;
  socket.v6_only = v6_only;
  socket.reuseport_group = group;
  return socket;
}

SocketSpec connected(SocketSpec socket, const char *peer) {
  socket.peer = Endpoint{*parse_address(peer), 40000};
  return socket;
}

bool both_orders(const SocketSpec &a, const SocketSpec &b) {
  EXPECT_EQ(can_coexist(a, b), can_coexist(b, a));
  return can_coexist(a, b);
}

TEST(CanCoexist, AddressesThatDoNotMeet) {
  EXPECT_TRUE(both_orders(udp("127.0.0.1"), udp("127.0.0.2")));
  EXPECT_TRUE(both_orders(udp("0.0.0.0"), udp("::", true)));
  EXPECT_TRUE(both_orders(udp("::ffff:0.0.0.0"), udp("::", true)));
  EXPECT_TRUE(both_orders(udp("0.0.0.0"), udp("fd00::1")));
}

TEST(CanCoexist, AddressesThatMeetNeedReuseport) {
  for (const auto &[first, second] :
       {std::pair{"127.0.0.1", "127.0.0.1"}, std::pair{"0.0.0.0", "127.0.0.1"},
        std::pair{"::", "127.0.0.1"}, std::pair{"::", "::ffff:127.0.0.1"},
        std::pair{"::ffff:0.0.0.0", "127.0.0.1"}, std::pair{"::", "fd00::1"}}) {
    const bool one_group = std::string(first) == second;
    EXPECT_FALSE(both_orders(udp(first), udp(second))) << first << " " << second;
    EXPECT_FALSE(both_orders(udp(first, false, 1), udp(second))) << first << " " << second;
    EXPECT_EQ(both_orders(udp(first, false, 1), udp(second, false, 1)), true);
    EXPECT_EQ(both_orders(udp(first, false, 1), udp(second, false, 2)), !one_group);
  }
}

TEST(CanCoexist, EstablishedTcpSocketsBesideListeners) {
  SocketSpec listener = udp("127.0.0.1");
  listener.protocol = Protocol::kTcp;
  EXPECT_FALSE(both_orders(listener, listener));
  const SocketSpec established = connected(listener, "127.0.0.9");
  EXPECT_TRUE(both_orders(listener, established));
  EXPECT_TRUE(both_orders(established, connected(listener, "127.0.0.8")));
  EXPECT_FALSE(both_orders(established, established));
}

TEST(CanCoexist, NotAConnectedSocketBesideAGroupOfTheOtherFamily) {
  const SocketSpec ipv4 = udp("127.0.0.1", false, 1);
  const SocketSpec mapped = udp("::ffff:127.0.0.1", false, 2);
  EXPECT_TRUE(both_orders(ipv4, mapped));
  EXPECT_FALSE(both_orders(ipv4, connected(mapped, "::ffff:127.0.0.9")));
  EXPECT_FALSE(both_orders(connected(ipv4, "127.0.0.9"), mapped));
}

TEST(FourTuple, IsThatOfThePackets) {
  EXPECT_EQ(four_tuple(udp("127.0.0.1")), std::nullopt);
  EXPECT_EQ(four_tuple(connected(udp("127.0.0.1"), "127.0.0.9")),
            four_tuple(connected(udp("::ffff:127.0.0.1"), "::ffff:127.0.0.9")));
  EXPECT_NE(four_tuple(connected(udp("127.0.0.1"), "127.0.0.9")),
            four_tuple(connected(udp("127.0.0.1"), "127.0.0.8")));
}

TEST(ReuseportKey, ASpecificAddressIsV6OnlyWithOrWithoutTheOption) {
  EXPECT_EQ(reuseport_key(udp("fd00::1", true)), reuseport_key(udp("fd00::1")));
  EXPECT_NE(reuseport_key(udp("::", true)), reuseport_key(udp("::")));
}

TEST(RandomScenario, PopulationsCanBeOpen) {
  std::mt19937_64 random(5);
  for (int i = 0; i < 5000; ++i) {
    const auto sockets = random_scenario(random).sockets;
    for (size_t a = 0; a < sockets.size(); ++a) {
      for (size_t b = 0; b < a; ++b) EXPECT_TRUE(can_coexist(sockets[a], sockets[b]));
    }
  }
}

}  // namespace
}  // namespace sklab
