// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Whole IP packets, from what is in them.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "harness/model/scenario.h"

namespace sklab {

using Frame = std::vector<uint8_t>;

inline constexpr uint32_t kDoNotFragment = 0x4000;   // of IPv4's fragment field
inline constexpr uint32_t kMoreFragments4 = 0x2000;  // of the same
inline constexpr uint32_t kMoreFragments6 = 1;       // of that in the fragment header

struct IpHeader {
  Packet packet;  // of which the addresses count
  uint8_t protocol = 0;
  uint32_t identification = 0;
};

// `fragment` is the offset in units of 8 bytes, and the flags. The header's checksum is right.
Frame ipv4_packet(const IpHeader &header, const Frame &options, uint32_t fragment,
                  std::span<const uint8_t> body);
Frame ipv6_packet(const IpHeader &header, std::span<const uint8_t> body);

// An IP packet with nothing else, whose checksums are right.
Frame plain_packet(const Packet &packet, uint8_t protocol, const Frame &body);

// Of a frame, by its own headers, as far as they are there.
void fix_ip_checksum(Frame &frame);
void fix_transport_checksum(Frame &frame);

}  // namespace sklab
