// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace sklab {

// What becomes of a packet for its options: it goes on, it is dropped, or that depends on the
// kernel's version or configuration.
enum class OptionsVerdict : uint8_t { kPass, kPossible, kDrop };

// Of IPv4, without the fixed header (__ip_options_compile, ip_rcv_options). Source routes are not
// accepted by default.
OptionsVerdict check_ipv4_options(std::span<const uint8_t> options);

// Whether a reply about a packet that goes on can carry its options, as an ICMP error and a TCP
// reset have to: recorded routes and timestamps whose room is no multiple of what is added cannot
// (__ip_options_echo).
bool can_be_echoed(std::span<const uint8_t> ipv4_options);

struct HeaderVerdict {
  OptionsVerdict options = OptionsVerdict::kDrop;
  size_t size = 0;  // of the header, if the packet goes on
};
// The IPv6 header of that number at the beginning of `bytes`: hop-by-hop or destination options
// (ip6_parse_tlv), or routing (ipv6_rthdr_rcv).
HeaderVerdict check_extension_header(uint8_t number, std::span<const uint8_t> bytes);

}  // namespace sklab
