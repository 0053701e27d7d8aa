// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/path/flood_frame.h"

#include <linux/if_ether.h>

#include <cstddef>
#include <cstring>
#include <span>

#include "harness/path/packet_headers.h"

namespace sklab {
namespace {

constexpr size_t kIpv4HeaderBytes = 20;
constexpr size_t kIpv6HeaderBytes = 40;
// Of the checksum in the header: RFC 768 and RFC 9293, 3.1.
constexpr size_t kUdpChecksum = 6;
constexpr size_t kTcpChecksum = 16;

// RFC 791, 3.1, and RFC 8200, 3.
void set_hop_limit(std::span<uint8_t> packet, bool ipv6, uint8_t hop_limit) {
  if (ipv6) {
    packet[7] = hop_limit;
    return;
  }
  packet[8] = hop_limit;
  std::memset(&packet[10], 0, sizeof(uint16_t));
  const uint16_t checksum = internet_checksum(packet.first(kIpv4HeaderBytes));
  packet[10] = static_cast<uint8_t>(checksum >> 8U);
  packet[11] = static_cast<uint8_t>(checksum & 0xffU);
}

}  // namespace

FloodFrame make_flood_frame(const std::array<uint8_t, 14> &header, Packet packet, bool bad_checksum,
                            uint8_t hop_limit) {
  const bool tcp = packet.protocol == Protocol::kTcp;
  const bool ipv6 = packet.source.address.family == Family::kIpv6;
  packet.source.port = 0;
  std::vector<uint8_t> bytes = tcp
                                   ? build_tcp(packet.source, packet.destination, {kTcpSyn, 1, 0})
                                   : build_udp(packet.source, packet.destination, {});
  set_hop_limit(bytes, ipv6, hop_limit);
  FloodFrame frame;
  const size_t transport = ipv6 ? kIpv6HeaderBytes : kIpv4HeaderBytes;
  std::memcpy(&frame.checksum_of_rest, &bytes[transport + (tcp ? kTcpChecksum : kUdpChecksum)],
              sizeof(uint16_t));
  frame.checksum_of_rest = static_cast<uint16_t>(~frame.checksum_of_rest);
  // Of two sums that differ by one, not both can be right (sums are modulo 65535).
  if (bad_checksum) frame.checksum_of_rest ^= 1U;
  frame.bytes.assign(header.begin(), header.end());
  frame.bytes.insert(frame.bytes.end(), bytes.begin(), bytes.end());
  if (frame.bytes.size() < ETH_ZLEN) frame.bytes.resize(ETH_ZLEN);
  return frame;
}

}  // namespace sklab
