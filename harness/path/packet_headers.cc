// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/path/packet_headers.h"

#include <fmt/format.h>
#include <netinet/in.h>

#include <algorithm>
#include <array>

#include "harness/path/network_bytes.h"

namespace sklab {
namespace {

using Bytes = std::span<const uint8_t>;

constexpr size_t kIpv4Header = 20;
constexpr size_t kIpv6Header = 40;
constexpr size_t kUdpHeader = 8;
constexpr size_t kTcpHeader = 20;
constexpr size_t kIcmpHeader = 8;
constexpr uint8_t kHopLimit = 64;
constexpr uint8_t kEchoRequest = 8;
constexpr uint8_t kEchoReply = 0;
constexpr uint8_t kDestinationUnreachable = 3;
constexpr uint8_t kEchoRequest6 = 128;
constexpr uint8_t kEchoReply6 = 129;
constexpr uint8_t kDestinationUnreachable6 = 1;

// In the order of the enum. RFC 792 and RFC 1812 (5.2.7.1), RFC 4443 (3.1).
struct UnreachableCode {
  Unreachable reason;
  uint8_t ipv4;
  uint8_t ipv6;
};
constexpr UnreachableCode kUnreachableCodes[] = {
    {Unreachable::kPort, 3, 4}, {Unreachable::kHost, 1, 3}, {Unreachable::kProhibited, 13, 1}};

bool is_ipv4(const IpAddress &address) { return address.family == Family::kIpv4; }

uint8_t icmp_protocol(const IpAddress &address) {
  return static_cast<uint8_t>(is_ipv4(address) ? +IPPROTO_ICMP : +IPPROTO_ICMPV6);
}

Bytes bytes_of(const IpAddress &address) {
  return Bytes(address.bytes).first(is_ipv4(address) ? 4 : 16);
}

uint32_t sum_words(Bytes bytes, uint32_t sum) {
  for (size_t i = 0; i + 1 < bytes.size(); i += 2) sum += get16(bytes, i);
  if (bytes.size() % 2 != 0) sum += static_cast<uint32_t>(bytes.back()) << 8U;
  return sum;
}

std::vector<uint8_t> build_ip(const IpAddress &source, const IpAddress &destination,
                              uint8_t protocol, Bytes body) {
  std::vector<uint8_t> out;
  out.reserve(kIpv6Header + body.size());
  if (is_ipv4(source)) {
    put16(out, 0x4500);
    put16(out, static_cast<uint32_t>(kIpv4Header + body.size()));
    put32(out, 0x00004000);  // identification 0, do not fragment
    put16(out, (static_cast<uint32_t>(kHopLimit) << 8U) | protocol);
    put16(out, 0);
  } else {
    put32(out, 0x60000000);
    put16(out, static_cast<uint32_t>(body.size()));
    put16(out, (static_cast<uint32_t>(protocol) << 8U) | kHopLimit);
  }
  put_bytes(out, bytes_of(source));
  put_bytes(out, bytes_of(destination));
  if (is_ipv4(source)) set16(out, 10, internet_checksum(out));
  put_bytes(out, body);
  return out;
}

// The checksum goes where `body` has two zero bytes for it.
std::vector<uint8_t> finish(const IpAddress &source, const IpAddress &destination, uint8_t protocol,
                            std::vector<uint8_t> body, size_t checksum_offset) {
  const bool pseudo_header = protocol != IPPROTO_ICMP;
  const uint32_t initial =
      pseudo_header ? sum_pseudo_header(source, destination, protocol, body.size()) : 0;
  const uint16_t checksum = internet_checksum(body, initial);
  // In UDP 0 stands for no checksum (RFC 768).
  const bool reserved = protocol == IPPROTO_UDP && checksum == 0;
  set16(body, checksum_offset, reserved ? 0xffff : checksum);
  return build_ip(source, destination, protocol, body);
}

std::vector<uint8_t> build_icmp(const IpAddress &source, const IpAddress &destination, uint8_t type,
                                uint8_t code, uint32_t rest, Bytes payload) {
  std::vector<uint8_t> body = {type, code, 0, 0};
  put32(body, rest);
  put_bytes(body, payload);
  return finish(source, destination, icmp_protocol(source), std::move(body), 2);
}

struct ParsedIp {
  IpAddress source;
  IpAddress destination;
  uint8_t protocol = 0;
  size_t length = 0;  // of the packet, as the header says
  Bytes body;         // may be less than that in a quotation
};

IpAddress address_at(Family family, Bytes packet, size_t offset) {
  IpAddress address{family, {}};
  const Bytes bytes = packet.subspan(offset, family == Family::kIpv4 ? 4 : 16);
  std::copy(bytes.begin(), bytes.end(), address.bytes.begin());
  return address;
}

std::optional<ParsedIp> parse_ipv4(Bytes packet) {
  if (packet.size() < kIpv4Header) return std::nullopt;
  const size_t header = size_t{4} * (packet[0] & 0xfU);
  if (header < kIpv4Header || packet.size() < header) return std::nullopt;
  return ParsedIp{address_at(Family::kIpv4, packet, 12), address_at(Family::kIpv4, packet, 16),
                  packet[9], get16(packet, 2), packet.subspan(header)};
}

std::optional<ParsedIp> parse_ipv6(Bytes packet) {
  if (packet.size() < kIpv6Header) return std::nullopt;
  return ParsedIp{address_at(Family::kIpv6, packet, 8), address_at(Family::kIpv6, packet, 24),
                  packet[6], kIpv6Header + get16(packet, 4), packet.subspan(kIpv6Header)};
}

std::optional<ParsedIp> parse_ip(Bytes packet) {
  if (packet.empty()) return std::nullopt;
  const unsigned version = packet[0] >> 4U;
  if (version == 4) return parse_ipv4(packet);
  if (version == 6) return parse_ipv6(packet);
  return std::nullopt;
}

// Only so much of the quoted packet is sure to be there: the addresses and ports (RFC 792).
std::optional<Packet> parse_quoted(Bytes bytes) {
  const auto ip = parse_ip(bytes);
  if (!ip || ip->body.size() < 4) return std::nullopt;
  if (ip->protocol != IPPROTO_UDP && ip->protocol != IPPROTO_TCP) return std::nullopt;
  return Packet{ip->protocol == IPPROTO_TCP ? Protocol::kTcp : Protocol::kUdp,
                {ip->source, get16(ip->body, 0)},
                {ip->destination, get16(ip->body, 2)}};
}

void parse_udp(Bytes body, ParsedPacket &out) {
  if (body.size() < kUdpHeader) return;
  out.kind = PacketKind::kUdp;
  out.source.port = get16(body, 0);
  out.destination.port = get16(body, 2);
  out.payload = body.subspan(kUdpHeader);
}

void parse_tcp(Bytes body, ParsedPacket &out) {
  if (body.size() < kTcpHeader) return;
  const size_t header = size_t{4} * (body[12] >> 4U);
  if (header < kTcpHeader || body.size() < header) return;
  out.kind = PacketKind::kTcp;
  out.source.port = get16(body, 0);
  out.destination.port = get16(body, 2);
  out.tcp = {body[13], get32(body, 4), get32(body, 8)};
  out.payload = body.subspan(header);
}

void parse_icmp(Bytes body, ParsedPacket &out) {
  if (body.size() < kIcmpHeader) return;
  const bool ipv4 = is_ipv4(out.source.address);
  out.icmp_type = body[0];
  out.icmp_code = body[1];
  if (out.icmp_type == (ipv4 ? kEchoReply : kEchoReply6)) {
    out.kind = PacketKind::kEchoReply;
    out.echo_identifier = get32(body, 4);
  }
  if (out.icmp_type != (ipv4 ? kDestinationUnreachable : kDestinationUnreachable6)) return;
  out.kind = PacketKind::kUnreachable;
  out.quoted = parse_quoted(body.subspan(kIcmpHeader));
  for (const UnreachableCode &code : kUnreachableCodes) {
    if (out.icmp_code == (ipv4 ? code.ipv4 : code.ipv6)) out.reason = code.reason;
  }
}

}  // namespace

uint16_t internet_checksum(Bytes bytes, uint32_t initial) {
  uint32_t sum = sum_words(bytes, initial);
  while (sum > 0xffffU) sum = (sum & 0xffffU) + (sum >> 16U);
  return static_cast<uint16_t>(~sum);
}

uint32_t sum_pseudo_header(const IpAddress &source, const IpAddress &destination, uint8_t protocol,
                           size_t length) {
  const uint32_t sum = sum_words(bytes_of(destination), sum_words(bytes_of(source), 0));
  return sum + protocol + static_cast<uint32_t>(length);
}

std::vector<uint8_t> build_udp(const Endpoint &source, const Endpoint &destination, Bytes payload) {
  std::vector<uint8_t> body;
  put16(body, source.port);
  put16(body, destination.port);
  put16(body, static_cast<uint32_t>(kUdpHeader + payload.size()));
  put16(body, 0);
  put_bytes(body, payload);
  return finish(source.address, destination.address, IPPROTO_UDP, std::move(body), 6);
}

std::vector<uint8_t> build_tcp(const Endpoint &source, const Endpoint &destination,
                               const TcpFields &fields, Bytes payload) {
  constexpr uint32_t kDataOffset = kTcpHeader / 4U << 12U;
  std::vector<uint8_t> body;
  put16(body, source.port);
  put16(body, destination.port);
  put32(body, fields.sequence);
  put32(body, fields.acknowledgement);
  put16(body, kDataOffset | fields.flags);
  put16(body, 0xffff);  // window
  put32(body, 0);       // checksum, urgent pointer
  put_bytes(body, payload);
  return finish(source.address, destination.address, IPPROTO_TCP, std::move(body), 16);
}

std::vector<uint8_t> build_echo_request(const IpAddress &source, const IpAddress &destination,
                                        uint32_t identifier) {
  const uint8_t type = is_ipv4(source) ? kEchoRequest : kEchoRequest6;
  return build_icmp(source, destination, type, 0, identifier, {});
}

std::vector<uint8_t> build_unreachable(const IpAddress &source, const IpAddress &destination,
                                       Unreachable reason, Bytes quoted) {
  const bool ipv4 = is_ipv4(source);
  const UnreachableCode &code = kUnreachableCodes[static_cast<size_t>(reason)];
  return build_icmp(source, destination, ipv4 ? kDestinationUnreachable : kDestinationUnreachable6,
                    ipv4 ? code.ipv4 : code.ipv6, 0, quoted);
}

std::optional<ParsedPacket> parse_packet(Bytes packet) {
  auto ip = parse_ip(packet);
  const size_t header = ip ? packet.size() - ip->body.size() : 0;
  if (!ip || ip->length < header || ip->length > packet.size()) return std::nullopt;
  const Bytes body = ip->body.first(ip->length - header);
  ParsedPacket out;
  out.source.address = ip->source;
  out.destination.address = ip->destination;
  if (ip->protocol == IPPROTO_UDP) parse_udp(body, out);
  if (ip->protocol == IPPROTO_TCP) parse_tcp(body, out);
  if (ip->protocol == icmp_protocol(ip->source)) parse_icmp(body, out);
  return out;
}

std::string describe(const ParsedPacket &packet) {
  const std::string ends = packet.source.text() + " -> " + packet.destination.text();
  switch (packet.kind) {
    case PacketKind::kUdp:
      return fmt::format("udp {} length={}", ends, packet.payload.size());
    case PacketKind::kTcp:
      return fmt::format("tcp {} flags={:#04x} sequence={} acknowledgement={}", ends,
                         packet.tcp.flags, packet.tcp.sequence, packet.tcp.acknowledgement);
    case PacketKind::kEchoReply:
    case PacketKind::kUnreachable:
      return fmt::format("icmp {} type={} code={}", ends, packet.icmp_type, packet.icmp_code);
    case PacketKind::kOther:
      break;
  }
  return "other " + ends;
}

}  // namespace sklab
