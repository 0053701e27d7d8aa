// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// The kinds of lookup that every row is measured for, and the addresses they use.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "harness/model/scenario.h"

namespace sklab {

struct FamilyCase {
  std::string name;
  Protocol protocol = Protocol::kUdp;
  Family socket_family = Family::kIpv4;
  IpAddress server;  // where packets go
  IpAddress client;  // where they come from
  IpAddress bound;   // what the listeners are bound to: `server`, or the wildcard
  IpAddress range;   // first address of the prefix that the range programs steer
};

// udp4, udp6, tcp4, tcp6, and udp4_dual: IPv4 packets to a wildcard IPv6 socket.
const std::vector<FamilyCase> &family_cases();

// Requires: one of the names above.
const FamilyCase &family_case(const std::string &name);

// The same with addresses of documentation (RFC 5737, RFC 3849), as a host has them that packets
// reach through an interface.
FamilyCase as_host(FamilyCase family);

// The addresses that the range programs steer, and as many ports beside them.
inline constexpr size_t kRangeSize = 256;

// Of the prefix that the range programs steer.
unsigned range_prefix_bits(const FamilyCase &family);

// Requires: index < kRangeSize.
IpAddress range_address(const FamilyCase &family, size_t index);

// Ports of every population, in host byte order.
inline constexpr uint16_t kServerPort = 7000;
inline constexpr uint16_t kSteeredPort = 7001;
inline constexpr uint16_t kGroupPort = 7002;
inline constexpr uint16_t kConnectedPort = 7003;
inline constexpr uint16_t kClosedPort = 7999;
inline constexpr uint16_t kClientPort = 40000;
inline constexpr uint16_t kRangePortLow = 20000;
inline constexpr uint16_t kRangePortHigh = kRangePortLow + kRangeSize - 1;
// Sockets that are only there to fill the table, one port each.
inline constexpr uint16_t kMemberPortLow = 21000;

}  // namespace sklab
