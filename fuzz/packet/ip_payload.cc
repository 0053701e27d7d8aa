// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/packet/ip_payload.h"

#include <netinet/in.h>

#include <array>

#include "harness/path/network_bytes.h"
#include "harness/path/packet_headers.h"

namespace sklab {
namespace {

constexpr size_t kMostOptions = 40;  // of IPv4 and of TCP: their header's length has four bits

// Type and code, of which UDP sockets are told (icmp_unreach, icmpv6_rcv): unreachable in several
// ways, time exceeded, parameter problem.
struct ErrorKindOf {
  uint8_t type4, code4, type6, code6;
};
constexpr std::array<ErrorKindOf, 6> kErrors = {{
    {3, 3, 1, 4},   // port
    {3, 1, 1, 3},   // host, or address
    {3, 13, 1, 1},  // prohibited
    {11, 0, 3, 0},  // time exceeded in transit
    {12, 0, 4, 0},  // parameter problem
    {3, 2, 4, 1},   // protocol, or next header
}};

void put_option(Frame &out, const HeaderPart &part, bool one_byte) {
  out.push_back(part.type);
  if (one_byte) return;
  out.push_back(static_cast<uint8_t>(2 + part.content.size()));
  put_bytes(out, part.content);
}

// After IP's headers; the checksum is filled in later.
Frame build_tcp_body(const PacketSpec &spec, const Packet &packet, const Frame &payload,
                     uint32_t number) {
  const Frame options = options_of(spec, HeaderPart::Kind::kTcpOption);
  const auto words = static_cast<uint32_t>(5 + options.size() / 4);
  Frame body;
  put16(body, packet.source.port);
  put16(body, packet.destination.port);
  put32(body, number << 12U);
  put32(body, (spec.tcp_flags & kTcpAck) != 0 ? ~(number << 12U) : 0);
  put16(body, words << 12U | spec.tcp_flags);
  put16(body, 0xffff);  // window
  put32(body, 0);       // checksum, urgent pointer
  put_bytes(body, options);
  put_bytes(body, payload);
  return body;
}

Frame build_udp_body(const Packet &packet, const Frame &payload) {
  Frame body;
  put16(body, packet.source.port);
  put16(body, packet.destination.port);
  put16(body, static_cast<uint32_t>(8 + payload.size()));
  put16(body, 0);
  put_bytes(body, payload);
  return body;
}

Frame build_message(const PacketSpec &spec, const Packet &packet, const Frame &payload,
                    uint32_t number) {
  return packet.protocol == Protocol::kTcp ? build_tcp_body(spec, packet, payload, number)
                                           : build_udp_body(packet, payload);
}

uint8_t protocol_number(const Packet &packet) {
  return static_cast<uint8_t>(packet.protocol == Protocol::kTcp ? +IPPROTO_TCP : +IPPROTO_UDP);
}

}  // namespace

Frame options_of(const PacketSpec &spec, HeaderPart::Kind kind) {
  // In IPv4 as in TCP the option without effect.
  constexpr uint8_t kNoOperation = 1;
  Frame options;
  for (const HeaderPart &part : spec.parts) {
    if (part.kind != kind) continue;
    // In both protocols the end of the list and the option without effect are a byte each.
    const bool one_byte = part.type <= 1;
    const size_t size = one_byte ? 1 : 2 + part.content.size();
    if (options.size() + size <= kMostOptions) put_option(options, part, one_byte);
  }
  while (options.size() % 4 != 0) options.push_back(kNoOperation);
  return options;
}

Frame ip_payload(const PacketSpec &spec, uint32_t number, uint8_t &protocol) {
  Frame payload(spec.payload_bytes);
  for (size_t i = 0; i < payload.size(); ++i) payload[i] = static_cast<uint8_t>(number + i);
  const bool ipv4 = spec.packet.source.address.family == Family::kIpv4;
  const size_t ip = ipv4 ? 20 : 40;
  const auto body_of = [&](const Frame &frame) {
    return Frame(frame.begin() + static_cast<ptrdiff_t>(ip), frame.end());
  };
  protocol = protocol_number(spec.packet);
  if (spec.form == PacketForm::kMessage) {
    return body_of(
        plain_packet(spec.packet, protocol, build_message(spec, spec.packet, payload, number)));
  }
  const Packet answered{spec.packet.protocol, spec.packet.destination, spec.packet.source};
  const Frame quoted =
      plain_packet(answered, protocol, build_message(spec, answered, payload, number));
  const ErrorKindOf &error = kErrors[spec.error % kErrors.size()];
  Frame body = ipv4 ? Frame{error.type4, error.code4} : Frame{error.type6, error.code6};
  body.resize(8);
  put_bytes(body, quoted);
  protocol = static_cast<uint8_t>(ipv4 ? +IPPROTO_ICMP : +IPPROTO_ICMPV6);
  return body_of(plain_packet(spec.packet, protocol, body));
}

}  // namespace sklab
