// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/path/flood_frame.h"

#include <arpa/inet.h>
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

size_t transport_offset(const Packet &packet) {
  return packet.source.address.family == Family::kIpv6 ? kIpv6HeaderBytes : kIpv4HeaderBytes;
}

size_t checksum_offset(const Packet &packet) {
  return packet.protocol == Protocol::kTcp ? kTcpChecksum : kUdpChecksum;
}

}  // namespace

std::vector<uint8_t> with_source_port(const FloodFrame &frame, const Packet &packet,
                                      uint16_t port) {
  std::vector<uint8_t> bytes = frame.bytes;
  uint8_t *transport = &bytes[ETH_HLEN + transport_offset(packet)];
  const uint16_t port_bytes = htons(port);
  std::memcpy(transport, &port_bytes, sizeof(port_bytes));
  uint32_t sum = uint32_t{frame.checksum_of_rest} + port_bytes;
  sum = (sum & 0xffffU) + (sum >> 16U);
  auto checksum = static_cast<uint16_t>(~((sum & 0xffffU) + (sum >> 16U)));
  // 0 would be none: RFC 768.
  if (packet.protocol == Protocol::kUdp && checksum == 0) checksum = 0xffff;
  std::memcpy(transport + checksum_offset(packet), &checksum, sizeof(checksum));
  return bytes;
}

FloodFrame make_flood_frame(const std::array<uint8_t, 14> &header, const FloodBatch &batch) {
  const Endpoint source{batch.packet.source.address, 0};
  const Endpoint &destination = batch.packet.destination;
  std::vector<uint8_t> bytes = batch.packet.protocol == Protocol::kTcp
                                   ? build_tcp(source, destination, {kTcpSyn, 1, 0})
                                   : build_udp(source, destination, {});
  const bool low = batch.fate == FloodFate::kLowHopLimit;
  set_hop_limit(bytes, source.address.family == Family::kIpv6,
                low ? kFloodHopLimit - 1 : kFloodHopLimit);
  FloodFrame frame;
  const size_t checksum = transport_offset(batch.packet) + checksum_offset(batch.packet);
  std::memcpy(&frame.checksum_of_rest, &bytes[checksum], sizeof(uint16_t));
  frame.checksum_of_rest = static_cast<uint16_t>(~frame.checksum_of_rest);
  // Of two sums that differ by one, not both can be right (sums are modulo 65535).
  if (batch.fate == FloodFate::kBadChecksum) frame.checksum_of_rest ^= 1U;
  frame.bytes.assign(header.begin(), header.end());
  frame.bytes.insert(frame.bytes.end(), bytes.begin(), bytes.end());
  if (frame.bytes.size() < ETH_ZLEN) frame.bytes.resize(ETH_ZLEN);
  return frame;
}

}  // namespace sklab
