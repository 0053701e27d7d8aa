// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/packet/well_formed.h"

#include <netinet/in.h>

#include <algorithm>
#include <array>

#include "fuzz/packet/extension_headers.h"
#include "fuzz/packet/fragment_pieces.h"
#include "fuzz/packet/ip_payload.h"

namespace sklab {
namespace {

// Whether the kernel neither knows the option, and checks it, nor drops what has one like it.
bool is_harmless(const HeaderPart &part) {
  constexpr std::array<uint8_t, 6> kKnownIpv4 = {7, 68, 131, 134, 137, 148};
  constexpr std::array<uint8_t, 5> kKnownIpv6 = {0, 1, 5, 7, 49};
  constexpr std::array<uint8_t, 3> kKnownRouting = {2, 3, 4};
  constexpr std::array<uint8_t, 2> kSignatures = {19, 29};
  const auto is_in = [&](const auto &types) {
    return std::find(types.begin(), types.end(), part.type) != types.end();
  };
  switch (part.kind) {
    case HeaderPart::Kind::kIpv4Option:
      return !is_in(kKnownIpv4);
    case HeaderPart::Kind::kHopByHop:
    case HeaderPart::Kind::kDestination:
      return part.type >> 6U == 0 && !is_in(kKnownIpv6);
    case HeaderPart::Kind::kRouting:
      return !is_in(kKnownRouting);
    case HeaderPart::Kind::kTcpOption:
      return !is_in(kSignatures);
    case HeaderPart::Kind::kAtomic:
      break;
  }
  return true;
}

// In IPv6 the first fragment has all headers.
bool has_headers_in_first_fragment(const PacketSpec &spec) {
  if (spec.packet.source.address.family == Family::kIpv4) return true;
  uint8_t protocol = 0;
  size_t headers = 0;
  for (const ExtensionHeader &header : extension_headers(spec, 0)) {
    if (header.number != IPPROTO_HOPOPTS) headers += header.bytes.size();
  }
  const size_t size = headers + ip_payload(spec, 0, protocol).size();
  const size_t transport = protocol == IPPROTO_TCP ? 20 : 8;
  Fragmentation in_order = *spec.fragmentation;
  in_order.backwards = false;
  return pieces_of(in_order, size).front().end >= headers + transport;
}

}  // namespace

bool is_well_formed(const PacketSpec &spec) {
  if (!spec.damages.empty()) return false;
  if (!std::all_of(spec.parts.begin(), spec.parts.end(), is_harmless)) return false;
  const auto &fragmentation = spec.fragmentation;
  if (!fragmentation) return true;
  if (fragmentation->leave_out || fragmentation->overlap) return false;
  return has_headers_in_first_fragment(spec);
}

}  // namespace sklab
