// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/model/assign_rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cerrno>
#include <functional>
#include <vector>

namespace sklab {
namespace {

const IpAddress kServer4 = *parse_address("127.0.0.1");
const IpAddress kServer6 = *parse_address("fd00::1");

Packet packet_of(Protocol protocol, Family family) {
  const IpAddress &address = family == Family::kIpv4 ? kServer4 : kServer6;
  return {protocol, {address, 40000}, {address, 7007}};
}

// Every kind of socket that there is: protocol, family, kind of address, v6only, connected.
std::vector<SocketSpec> every_socket() {
  std::vector<SocketSpec> sockets;
  for (const auto protocol : {Protocol::kTcp, Protocol::kUdp}) {
    for (const char *address : {"0.0.0.0", "127.0.0.1", "::", "fd00::1", "::ffff:127.0.0.1"}) {
      for (const bool v6_only : {false, true}) {
        for (const bool connected : {false, true}) {
          SocketSpec socket;
          socket.protocol = protocol;
          socket.local = {*parse_address(address), 7007};
          socket.family = socket.local.address.family;
          socket.v6_only = v6_only;
          if (connected) socket.peer = socket.local;
          sockets.push_back(socket);
        }
      }
    }
  }
  return sockets;
}

// The same rules told another way: for each reason, in the kernel's order, when it applies.
int expected_result(const SocketSpec *socket, uint64_t flags, const Packet &packet, bool selected) {
  struct Reason {
    int error;
    bool applies;
  };
  const bool ipv4_packet = packet.source.address.family == Family::kIpv4;
  const bool exists = socket != nullptr;
  const bool ipv4_socket = exists && socket->family == Family::kIpv4;
  const bool dual = exists && !ipv4_socket && !socket->v6_only &&
                    (socket->local.address.is_wildcard() || socket->local.address.is_v4_mapped());
  const std::vector<Reason> reasons = {
      {EINVAL, flags > 3},
      {ESOCKTNOSUPPORT, exists && socket->peer.has_value()},
      {EPROTOTYPE, exists && socket->protocol != packet.protocol},
      {EAFNOSUPPORT, exists && (ipv4_packet ? !ipv4_socket && !dual : ipv4_socket)},
      {EEXIST, selected && flags % 2 == 0},
  };
  const auto first = std::find_if(reasons.begin(), reasons.end(),
                                  [](const Reason &reason) { return reason.applies; });
  return first == reasons.end() ? 0 : -first->error;
}

TEST(CheckAssign, EveryFlagsValueWithEverySocketAndPacket) {
  size_t checked = 0;
  for (const auto protocol : {Protocol::kTcp, Protocol::kUdp}) {
    for (const auto family : {Family::kIpv4, Family::kIpv6}) {
      const Packet packet = packet_of(protocol, family);
      for (const SocketSpec &socket : every_socket()) {
        for (uint64_t flags = 0; flags < 256; ++flags) {
          for (const bool selected : {false, true}) {
            ASSERT_EQ(check_assign(kernel_rules(), {&socket, flags, packet, selected}),
                      expected_result(&socket, flags, packet, selected));
            ++checked;
          }
        }
      }
    }
  }
  EXPECT_EQ(checked, 4U * 40 * 256 * 2);
}

TEST(CheckAssign, NullSocketHasNoRulesButFlagsAndSelection) {
  const Packet packet = packet_of(Protocol::kUdp, Family::kIpv4);
  for (const uint64_t flags : {0ULL, 1ULL, 2ULL, 3ULL, 4ULL, 1ULL << 63U, ~0ULL}) {
    for (const bool selected : {false, true}) {
      EXPECT_EQ(check_assign(kernel_rules(), {nullptr, flags, packet, selected}),
                expected_result(nullptr, flags, packet, selected));
    }
  }
}

TEST(IsV6Only, SpecificIpv6AddressMakesASocketV6Only) {
  for (const SocketSpec &socket : every_socket()) {
    if (socket.family == Family::kIpv4) {
      EXPECT_FALSE(is_v6_only(socket));
    } else if (socket.local.address == kServer6) {
      EXPECT_TRUE(is_v6_only(socket));
    } else {
      EXPECT_EQ(is_v6_only(socket), socket.v6_only);
    }
  }
}

}  // namespace
}  // namespace sklab
