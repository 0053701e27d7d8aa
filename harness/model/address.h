// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "harness/base/result.h"

namespace sklab {

enum class Family : uint8_t { kIpv4, kIpv6 };

// An IPv4 or IPv6 address in network byte order; IPv4 fills the first four bytes, the rest is 0.
struct IpAddress {
  Family family = Family::kIpv4;
  std::array<uint8_t, 16> bytes{};

  auto operator<=>(const IpAddress &) const = default;

  // 0.0.0.0 or ::
  [[nodiscard]] bool is_wildcard() const;
  // ::ffff:a.b.c.d
  [[nodiscard]] bool is_v4_mapped() const;
  // The IPv6 form of an IPv4 address; an IPv6 address is returned as it is.
  [[nodiscard]] IpAddress to_v4_mapped() const;
  // The IPv4 address inside a v4-mapped one; any other address is returned as it is.
  [[nodiscard]] IpAddress from_v4_mapped() const;
  // As inet_ntop(3) writes it.
  [[nodiscard]] std::string text() const;
};

// An address and a port in host byte order; IPv6 is written as [address]:port.
struct Endpoint {
  IpAddress address;
  uint16_t port = 0;

  auto operator<=>(const Endpoint &) const = default;
  [[nodiscard]] std::string text() const;
};

// Errors are of kind kUsage and quote the text.
Result<IpAddress> parse_address(std::string_view text);
Result<Endpoint> parse_endpoint(std::string_view text);

}  // namespace sklab
