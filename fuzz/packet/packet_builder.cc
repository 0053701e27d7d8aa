// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/packet/packet_builder.h"

#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <utility>

#include "fuzz/packet/ip_view.h"
#include "harness/path/network_bytes.h"
#include "harness/path/packet_headers.h"

namespace sklab {
namespace {

constexpr size_t kMostFrame = 1500;  // a veth's MTU
constexpr size_t kMostOptions = 40;  // of IPv4 and of TCP: their header's length has four bits
constexpr uint32_t kDoNotFragment = 0x4000;
constexpr uint32_t kMoreFragments4 = 0x2000;
constexpr uint32_t kMoreFragments6 = 1;

bool is_ipv4(const PacketSpec &spec) { return spec.packet.source.address.family == Family::kIpv4; }

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

// Those of one kind, padded to whole words. `padding` is the option without effect.
Frame options_of(const PacketSpec &spec, HeaderPart::Kind kind, uint8_t padding) {
  Frame options;
  for (const HeaderPart &part : spec.parts) {
    if (part.kind != kind) continue;
    // In both protocols the end of the list and the option without effect are a byte each.
    const bool one_byte = part.type <= 1;
    const size_t size = one_byte ? 1 : 2 + part.content.size();
    if (options.size() + size <= kMostOptions) put_option(options, part, one_byte);
  }
  while (options.size() % 4 != 0) options.push_back(padding);
  return options;
}

// After IP's headers; the checksum is filled in later.
Frame build_tcp_body(const PacketSpec &spec, const Packet &packet, const Frame &payload,
                     uint32_t number) {
  constexpr uint8_t kNoOperation = 1;
  const Frame options = options_of(spec, HeaderPart::Kind::kTcpOption, kNoOperation);
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

struct Header {
  Packet packet;
  uint8_t protocol = 0;
  uint32_t identification = 0;
};

void put_address(Frame &out, const IpAddress &address) {
  put_bytes(out, std::span(address.bytes).first(address.family == Family::kIpv4 ? 4 : 16));
}

Frame ipv4_packet(const Header &header, const Frame &options, uint32_t fragment,
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

Frame ipv6_packet(const Header &header, std::span<const uint8_t> body) {
  Frame out;
  put32(out, 0x60000000);
  put16(out, static_cast<uint32_t>(body.size()));
  put16(out, static_cast<uint32_t>(header.protocol << 8U) | 64U);
  put_address(out, header.packet.source.address);
  put_address(out, header.packet.destination.address);
  put_bytes(out, body);
  return out;
}

// What stands before the fragment header, if there is one, or after it.
struct ExtensionHeader {
  uint8_t number;
  Frame bytes;  // the first says what follows, and is filled in later
};

ExtensionHeader options_header(const HeaderPart &part) {
  // Unlike those of IPv4 and TCP, these do not count their own two bytes.
  Frame bytes = {0, 0, part.type, static_cast<uint8_t>(part.content.size())};
  put_bytes(bytes, part.content);
  const size_t padding = (8 - bytes.size() % 8) % 8;
  if (padding == 1) bytes.push_back(0);
  if (padding > 1) {
    bytes.push_back(1);  // PadN
    bytes.push_back(static_cast<uint8_t>(padding - 2));
    bytes.resize(bytes.size() + padding - 2);
  }
  bytes[1] = static_cast<uint8_t>(bytes.size() / 8 - 1);
  const bool hop = part.kind == HeaderPart::Kind::kHopByHop;
  return {static_cast<uint8_t>(hop ? +IPPROTO_HOPOPTS : +IPPROTO_DSTOPTS), bytes};
}

ExtensionHeader fragment_header(uint32_t offset_and_more, uint32_t identification) {
  Frame bytes = {0, 0};
  put16(bytes, offset_and_more);
  put32(bytes, identification);
  return {IPPROTO_FRAGMENT, bytes};
}

std::vector<ExtensionHeader> extension_headers(const PacketSpec &spec, uint32_t number) {
  std::vector<ExtensionHeader> headers;
  bool hop = false;
  bool atomic = false;
  for (const HeaderPart &part : spec.parts) {
    switch (part.kind) {
      case HeaderPart::Kind::kHopByHop:
        if (!hop) headers.insert(headers.begin(), options_header(part));
        hop = true;
        break;
      case HeaderPart::Kind::kDestination:
        headers.push_back(options_header(part));
        break;
      case HeaderPart::Kind::kRouting:
        headers.push_back({IPPROTO_ROUTING, {0, 0, part.type, 0, 0, 0, 0, 0}});
        break;
      case HeaderPart::Kind::kAtomic:
        // A packet may have one fragment header (IP6SKB_FRAGMENTED).
        if (!atomic && !spec.fragmentation) headers.push_back(fragment_header(0, number));
        atomic = true;
        break;
      case HeaderPart::Kind::kIpv4Option:
      case HeaderPart::Kind::kTcpOption:
        break;
    }
  }
  return headers;
}

// The headers in front of `body`, which is of protocol `protocol`; that of the first of all is
// left in it.
Frame chain(const std::vector<ExtensionHeader> &headers, uint8_t &protocol,
            std::span<const uint8_t> body) {
  Frame out(body.begin(), body.end());
  for (size_t i = headers.size(); i-- > 0;) {
    Frame bytes = headers[i].bytes;
    bytes[0] = std::exchange(protocol, headers[i].number);
    out.insert(out.begin(), bytes.begin(), bytes.end());
  }
  return out;
}

struct Piece {
  size_t begin;
  size_t end;
};

// The pieces of `size` bytes, with what the fragmentation does wrong.
std::vector<Piece> pieces_of(const Fragmentation &fragmentation, size_t size) {
  const size_t units = (size + 7) / 8;
  if (units < 2) return {{0, size}};
  std::vector<size_t> bounds = {0, units};
  for (const uint16_t cut : fragmentation.cuts) bounds.push_back(1 + cut % (units - 1));
  std::sort(bounds.begin(), bounds.end());
  bounds.erase(std::unique(bounds.begin(), bounds.end()), bounds.end());
  std::vector<Piece> pieces;
  for (size_t i = 0; i + 1 < bounds.size(); ++i) {
    pieces.push_back({bounds[i] * 8, std::min(bounds[i + 1] * 8, size)});
  }
  const auto chosen = static_cast<ptrdiff_t>(fragmentation.chosen % pieces.size());
  Piece &piece = pieces[static_cast<size_t>(chosen)];
  if (fragmentation.overlap) piece.end = std::min(piece.end + 8, size);
  if (fragmentation.repeat) {
    pieces.insert(pieces.begin() + chosen, pieces[static_cast<size_t>(chosen)]);
  } else if (fragmentation.leave_out) {
    pieces.erase(pieces.begin() + chosen);
  }
  if (fragmentation.backwards) std::reverse(pieces.begin(), pieces.end());
  return pieces;
}

std::vector<Frame> build_ipv4(const PacketSpec &spec, const Header &header, const Frame &body) {
  constexpr uint8_t kNoOperation = 1;
  const Frame options = options_of(spec, HeaderPart::Kind::kIpv4Option, kNoOperation);
  if (!spec.fragmentation) return {ipv4_packet(header, options, kDoNotFragment, body)};
  std::vector<Frame> frames;
  for (const auto [begin, end] : pieces_of(*spec.fragmentation, body.size())) {
    const uint32_t more = end < body.size() ? kMoreFragments4 : 0;
    frames.push_back(ipv4_packet(header, options, static_cast<uint32_t>(begin / 8) | more,
                                 std::span(body).subspan(begin, end - begin)));
  }
  return frames;
}

std::vector<Frame> build_ipv6(const PacketSpec &spec, Header header, const Frame &body) {
  const auto headers = extension_headers(spec, header.identification);
  if (!spec.fragmentation) {
    const Frame whole = chain(headers, header.protocol, body);
    return {ipv6_packet(header, whole)};
  }
  // What a router may read stands before the fragment header (RFC 8200, 4.5).
  const bool hop = !headers.empty() && headers[0].number == IPPROTO_HOPOPTS;
  const auto split = headers.begin() + (hop ? 1 : 0);
  const std::vector<ExtensionHeader> per_fragment(headers.begin(), split);
  const Frame inner =
      chain(std::vector<ExtensionHeader>(split, headers.end()), header.protocol, body);
  std::vector<Frame> frames;
  for (const auto [begin, end] : pieces_of(*spec.fragmentation, inner.size())) {
    const uint32_t more = end < inner.size() ? kMoreFragments6 : 0;
    std::vector<ExtensionHeader> own = per_fragment;
    own.push_back(fragment_header(static_cast<uint32_t>(begin) | more, header.identification));
    Header fragment = header;
    const Frame bytes = chain(own, fragment.protocol, std::span(inner).subspan(begin, end - begin));
    frames.push_back(ipv6_packet(fragment, bytes));
  }
  return frames;
}

// An IP packet with nothing else, whose checksums are right.
Frame build_plain(const Packet &packet, uint8_t protocol, const Frame &body) {
  const Header header{packet, protocol, 0};
  const bool ipv4 = packet.source.address.family == Family::kIpv4;
  Frame frame = ipv4 ? ipv4_packet(header, {}, kDoNotFragment, body) : ipv6_packet(header, body);
  fix_transport_checksum(frame);
  return frame;
}

// What IP carries, with its checksum, which does not depend on IP's options and headers.
Frame build_body(const PacketSpec &spec, uint32_t number, uint8_t &protocol) {
  Frame payload(spec.payload_bytes);
  for (size_t i = 0; i < payload.size(); ++i) payload[i] = static_cast<uint8_t>(number + i);
  const size_t ip = is_ipv4(spec) ? 20 : 40;
  const auto body_of = [&](const Frame &frame) {
    return Frame(frame.begin() + static_cast<ptrdiff_t>(ip), frame.end());
  };
  protocol = protocol_number(spec.packet);
  if (spec.form == PacketForm::kMessage) {
    return body_of(
        build_plain(spec.packet, protocol, build_message(spec, spec.packet, payload, number)));
  }
  const Packet answered{spec.packet.protocol, spec.packet.destination, spec.packet.source};
  const Frame quoted =
      build_plain(answered, protocol, build_message(spec, answered, payload, number));
  const ErrorKindOf &error = kErrors[spec.error % kErrors.size()];
  Frame body = is_ipv4(spec) ? Frame{error.type4, error.code4} : Frame{error.type6, error.code6};
  body.resize(8);
  put_bytes(body, quoted);
  protocol = static_cast<uint8_t>(is_ipv4(spec) ? +IPPROTO_ICMP : +IPPROTO_ICMPV6);
  return body_of(build_plain(spec.packet, protocol, body));
}

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
  if (is_ipv4(spec)) return true;
  uint8_t protocol = 0;
  size_t headers = 0;
  for (const ExtensionHeader &header : extension_headers(spec, 0)) {
    if (header.number != IPPROTO_HOPOPTS) headers += header.bytes.size();
  }
  const size_t size = headers + build_body(spec, 0, protocol).size();
  const size_t transport = protocol == IPPROTO_TCP ? 20 : 8;
  Fragmentation in_order = *spec.fragmentation;
  in_order.backwards = false;
  return pieces_of(in_order, size).front().end >= headers + transport;
}

void apply(const Damage &damage, std::vector<Frame> &frames) {
  if (frames.empty()) return;
  Frame &frame = frames[damage.frame % frames.size()];
  const size_t start = damage.in_transport ? view_ip(frame).transport : 0;
  switch (damage.kind) {
    case Damage::Kind::kTruncate:
      frame.resize(1 + damage.offset % frame.size());
      break;
    case Damage::Kind::kExtend:
      frame.resize(std::min(frame.size() + damage.offset % 64, kMostFrame), damage.value);
      break;
    case Damage::Kind::kXor:
    case Damage::Kind::kSet:
      if (start >= frame.size()) return;
      uint8_t &byte = frame[start + damage.offset % (frame.size() - start)];
      byte = damage.kind == Damage::Kind::kSet ? damage.value
                                               : static_cast<uint8_t>(byte ^ damage.value);
      break;
  }
  if (damage.fix_transport_checksum) fix_transport_checksum(frame);
  if (damage.fix_ip_checksum) fix_ip_checksum(frame);
}

}  // namespace

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

std::vector<Frame> build_frames(const PacketSpec &spec, uint32_t number) {
  uint8_t protocol = 0;
  const Frame body = build_body(spec, number, protocol);
  const Header header{spec.packet, protocol, number};
  std::vector<Frame> frames =
      is_ipv4(spec) ? build_ipv4(spec, header, body) : build_ipv6(spec, header, body);
  for (const Damage &damage : spec.damages) apply(damage, frames);
  for (Frame &frame : frames) frame.resize(std::min(frame.size(), kMostFrame));
  return frames;
}

Frame build_fragment(const FragmentedPacket &packet, const FragmentQueue::Fragment &fragment) {
  Header header{{Protocol::kUdp, {packet.source, 0}, {packet.destination, 0}},
                packet.protocol,
                packet.identification};
  const auto offset = static_cast<uint32_t>(fragment.offset);
  if (packet.source.family == Family::kIpv4) {
    const uint32_t more = fragment.more ? kMoreFragments4 : 0;
    return ipv4_packet(header, {}, offset / 8 | more, fragment.bytes);
  }
  const auto own =
      fragment_header(offset | (fragment.more ? kMoreFragments6 : 0), packet.identification);
  header.protocol = packet.protocol == 0 ? uint8_t{IPPROTO_NONE} : packet.protocol;
  const Frame bytes = chain({own}, header.protocol, fragment.bytes);
  return ipv6_packet(header, bytes);
}

bool is_well_formed(const PacketSpec &spec) {
  if (!spec.damages.empty()) return false;
  if (!std::all_of(spec.parts.begin(), spec.parts.end(), is_harmless)) return false;
  const auto &fragmentation = spec.fragmentation;
  if (!fragmentation) return true;
  if (fragmentation->leave_out || fragmentation->overlap) return false;
  return has_headers_in_first_fragment(spec);
}

}  // namespace sklab
