// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/packet/ip_view.h"

#include <netinet/in.h>

#include <algorithm>

#include "harness/path/network_bytes.h"
#include "harness/path/packet_headers.h"

namespace sklab {
namespace {

IpView view_ipv4(std::span<const uint8_t> frame) {
  IpView view;
  if (frame.size() < kIpv4Header) return {4, frame.size(), frame.size(), 0, false};
  view.version = 4;
  view.header = std::clamp<size_t>(size_t{4} * (frame[0] & 0xfU), kIpv4Header, frame.size());
  view.transport = view.header;
  view.protocol = frame[9];
  view.fragment = (get16(frame, 6) & 0x3fffU) != 0;
  return view;
}

IpView view_ipv6(std::span<const uint8_t> frame) {
  if (frame.size() < kIpv6Header) return {6, frame.size(), frame.size(), 0, false};
  IpView view{6, kIpv6Header, kIpv6Header, frame[6], false};
  while (is_extension_header(view.protocol) && view.transport + 8 <= frame.size()) {
    const auto header = frame.subspan(view.transport);
    const bool fragment = view.protocol == IPPROTO_FRAGMENT;
    if (fragment && (get16(header, 2) & 0xfff9U) != 0) view.fragment = true;
    view.transport += fragment ? 8 : size_t{8} * (header[1] + 1U);
    view.protocol = header[0];
  }
  view.transport = std::min(view.transport, frame.size());
  return view;
}

}  // namespace

IpView view_ip(std::span<const uint8_t> frame) {
  const unsigned version = frame.empty() ? 0 : frame[0] >> 4U;
  if (version == 4) return view_ipv4(frame);
  if (version == 6) return view_ipv6(frame);
  return {version, frame.size(), frame.size(), 0, false};
}

bool is_extension_header(uint8_t protocol) {
  switch (protocol) {
    case IPPROTO_HOPOPTS:
    case IPPROTO_DSTOPTS:
    case IPPROTO_ROUTING:
    case IPPROTO_FRAGMENT:
    case IPPROTO_AH:
    case IPPROTO_NONE:
      return true;
    default:
      return false;
  }
}

std::optional<size_t> checksum_offset(uint8_t protocol) {
  switch (protocol) {
    case IPPROTO_UDP:
      return 6;
    case IPPROTO_TCP:
      return 16;
    case IPPROTO_ICMP:
    case IPPROTO_ICMPV6:
      return 2;
    default:
      return std::nullopt;
  }
}

uint16_t transport_sum(const IpView &ip, std::span<const uint8_t> frame, size_t length) {
  const uint32_t initial =
      ip.protocol == IPPROTO_ICMP
          ? 0
          : sum_pseudo_header(address_in(ip.version, frame, 0), address_in(ip.version, frame, 1),
                              ip.protocol, length);
  return internet_checksum(frame.subspan(ip.transport, length), initial);
}

IpAddress address_in(unsigned version, std::span<const uint8_t> header, size_t which) {
  const bool ipv4 = version == 4;
  IpAddress address{ipv4 ? Family::kIpv4 : Family::kIpv6, {}};
  const size_t size = ipv4 ? 4 : 16;
  const auto bytes = header.subspan((ipv4 ? 12 : 8) + which * size, size);
  std::copy(bytes.begin(), bytes.end(), address.bytes.begin());
  return address;
}

}  // namespace sklab
