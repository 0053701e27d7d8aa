// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/packet/packet_builder.h"

#include <netinet/in.h>

#include <algorithm>

#include "fuzz/packet/extension_headers.h"
#include "fuzz/packet/fragment_pieces.h"
#include "fuzz/packet/ip_payload.h"
#include "fuzz/packet/ip_view.h"

namespace sklab {
namespace {

constexpr size_t kMostFrame = 1500;  // a veth's MTU

std::vector<Frame> build_ipv4(const PacketSpec &spec, const IpHeader &header, const Frame &body) {
  const Frame options = options_of(spec, HeaderPart::Kind::kIpv4Option);
  if (!spec.fragmentation) return {ipv4_packet(header, options, kDoNotFragment, body)};
  std::vector<Frame> frames;
  for (const auto [begin, end] : pieces_of(*spec.fragmentation, body.size())) {
    const uint32_t more = end < body.size() ? kMoreFragments4 : 0;
    frames.push_back(ipv4_packet(header, options, static_cast<uint32_t>(begin / 8) | more,
                                 std::span(body).subspan(begin, end - begin)));
  }
  return frames;
}

std::vector<Frame> build_ipv6(const PacketSpec &spec, IpHeader header, const Frame &body) {
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
    IpHeader fragment = header;
    const Frame bytes = chain(own, fragment.protocol, std::span(inner).subspan(begin, end - begin));
    frames.push_back(ipv6_packet(fragment, bytes));
  }
  return frames;
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

std::vector<Frame> build_frames(const PacketSpec &spec, uint32_t number) {
  uint8_t protocol = 0;
  const Frame body = ip_payload(spec, number, protocol);
  const IpHeader header{spec.packet, protocol, number};
  const bool ipv4 = spec.packet.source.address.family == Family::kIpv4;
  std::vector<Frame> frames =
      ipv4 ? build_ipv4(spec, header, body) : build_ipv6(spec, header, body);
  for (const Damage &damage : spec.damages) apply(damage, frames);
  for (Frame &frame : frames) frame.resize(std::min(frame.size(), kMostFrame));
  return frames;
}

Frame build_fragment(const FragmentedPacket &packet, const FragmentQueue::Fragment &fragment) {
  IpHeader header{{Protocol::kUdp, {packet.source, 0}, {packet.destination, 0}},
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

}  // namespace sklab
