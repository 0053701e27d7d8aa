// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/packet/ip_packet.h"

#include <netinet/in.h>

#include "fuzz/packet/ip_view.h"
#include "harness/path/network_bytes.h"
#include "harness/path/packet_headers.h"

namespace sklab {
namespace {

void put_address(Frame &out, const IpAddress &address) {
  put_bytes(out, std::span(address.bytes).first(address.family == Family::kIpv4 ? 4 : 16));
}

}  // namespace

Frame ipv4_packet(const IpHeader &header, const Frame &options, uint32_t fragment,
                  std::span<const uint8_t> body) {
  Frame out;
  put16(out, static_cast<uint32_t>(0x4500 + (options.size() / 4 << 8U)));
  put16(out, static_cast<uint32_t>(20 + options.size() + body.size()));
  put16(out, header.identification);
  put16(out, fragment);
  put16(out, 64U << 8U | header.protocol);
  put16(out, 0);
  put_address(out, header.packet.source.address);
  put_address(out, header.packet.destination.address);
  put_bytes(out, options);
  put_bytes(out, body);
  fix_ip_checksum(out);
  return out;
}

Frame ipv6_packet(const IpHeader &header, std::span<const uint8_t> body) {
  Frame out;
  put32(out, 0x60000000);
  put16(out, static_cast<uint32_t>(body.size()));
  put16(out, static_cast<uint32_t>(header.protocol << 8U) | 64U);
  put_address(out, header.packet.source.address);
  put_address(out, header.packet.destination.address);
  put_bytes(out, body);
  return out;
}

Frame plain_packet(const Packet &packet, uint8_t protocol, const Frame &body) {
  const IpHeader header{packet, protocol, 0};
  const bool ipv4 = packet.source.address.family == Family::kIpv4;
  Frame frame = ipv4 ? ipv4_packet(header, {}, kDoNotFragment, body) : ipv6_packet(header, body);
  fix_transport_checksum(frame);
  return frame;
}

void fix_ip_checksum(Frame &frame) {
  const IpView ip = view_ip(frame);
  if (ip.version != 4 || ip.header < kIpv4Header) return;
  set16(frame, 10, 0);
  set16(frame, 10, internet_checksum(std::span(frame).first(ip.header)));
}

void fix_transport_checksum(Frame &frame) {
  const IpView ip = view_ip(frame);
  const auto offset = checksum_offset(ip.protocol);
  if (!offset || ip.fragment || ip.transport + *offset + 2 > frame.size()) return;
  const size_t at = ip.transport + *offset;
  set16(frame, at, 0);
  const uint16_t checksum = transport_sum(ip, frame, frame.size() - ip.transport);
  // In UDP 0 stands for no checksum (RFC 768).
  set16(frame, at, ip.protocol == IPPROTO_UDP && checksum == 0 ? 0xffff : checksum);
}

}  // namespace sklab
