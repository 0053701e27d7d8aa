// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "bench/family_case.h"

#include <cassert>

namespace sklab {
namespace {

constexpr IpAddress ipv4(uint8_t a, uint8_t b, uint8_t c, uint8_t d) {
  return {Family::kIpv4, {a, b, c, d}};
}

// fd00:SUBNET::LAST; netns loopbacks have fd00::1 to fd00::3 (kernel/netns.h).
constexpr IpAddress ipv6(uint8_t subnet, uint8_t last) {
  return {Family::kIpv6, {0xfd, 0, 0, subnet, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, last}};
}

constexpr IpAddress kServer4 = ipv4(127, 0, 0, 1);
constexpr IpAddress kClient4 = ipv4(127, 0, 0, 9);
constexpr IpAddress kRange4 = ipv4(127, 0, 7, 0);
constexpr IpAddress kServer6 = ipv6(0, 1);
constexpr IpAddress kClient6 = ipv6(0, 3);
constexpr IpAddress kRange6 = ipv6(7, 0);
constexpr IpAddress kWildcard6 = {Family::kIpv6, {}};

}  // namespace

const std::vector<FamilyCase> &family_cases() {
  static const std::vector<FamilyCase> cases = {
      {"udp4", Protocol::kUdp, Family::kIpv4, kServer4, kClient4, kServer4, kRange4},
      {"udp6", Protocol::kUdp, Family::kIpv6, kServer6, kClient6, kServer6, kRange6},
      {"tcp4", Protocol::kTcp, Family::kIpv4, kServer4, kClient4, kServer4, kRange4},
      {"tcp6", Protocol::kTcp, Family::kIpv6, kServer6, kClient6, kServer6, kRange6},
      {"udp4_dual", Protocol::kUdp, Family::kIpv6, kServer4, kClient4, kWildcard6, kRange4},
  };
  return cases;
}

const FamilyCase &family_case(const std::string &name) {
  for (const FamilyCase &family : family_cases()) {
    if (family.name == name) return family;
  }
  assert(!"a family of the table above");
  return family_cases().front();
}

FamilyCase as_host(FamilyCase family) {
  const bool ipv4 = family.socket_family == Family::kIpv4;
  family.server = family.bound = *parse_address(ipv4 ? "192.0.2.1" : "2001:db8::1");
  family.client = *parse_address(ipv4 ? "198.51.100.9" : "2001:db8:9::9");
  family.range = *parse_address(ipv4 ? "203.0.113.0" : "2001:db8:7::");
  return family;
}

unsigned range_prefix_bits(const FamilyCase &family) {
  return family.range.family == Family::kIpv4 ? 24 : 64;
}

IpAddress range_address(const FamilyCase &family, size_t index) {
  IpAddress address = family.range;
  (address.family == Family::kIpv4 ? address.bytes[3] : address.bytes[15]) =
      static_cast<uint8_t>(index);
  return address;
}

}  // namespace sklab
