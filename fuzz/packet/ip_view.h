// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "harness/model/address.h"

namespace sklab {

inline constexpr size_t kIpv4Header = 20;  // without options
inline constexpr size_t kIpv6Header = 40;  // without extension headers

// Where in a frame's bytes what stands, for changing it: nothing is checked, and what would lie
// behind the frame's end is taken to be its end.
struct IpView {
  unsigned version = 0;
  size_t header = 0;      // of IPv4 with its options, of IPv6 without extension headers
  size_t transport = 0;   // where the first header stands that is neither IP's nor an extension
  uint8_t protocol = 0;   // of that
  bool fragment = false;  // a part of a packet, whose transport header may be elsewhere
};
IpView view_ip(std::span<const uint8_t> frame);

// As ipv6_ext_hdr.
bool is_extension_header(uint8_t protocol);

// Of the field within the protocol's header; none for a protocol that is not known here.
std::optional<size_t> checksum_offset(uint8_t protocol);

// The sum over `length` bytes from the transport header on and, where there is one, the pseudo
// header: 0 when the checksum among them is right.
uint16_t transport_sum(const IpView &ip, std::span<const uint8_t> frame, size_t length);

// Of an IP header whose addresses are there: 0 is the source, 1 the destination.
IpAddress address_in(unsigned version, std::span<const uint8_t> header, size_t which);

}  // namespace sklab
