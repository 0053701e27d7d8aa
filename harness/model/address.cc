// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/model/address.h"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace sklab {
namespace {

constexpr size_t kMappedPrefixBytes = 12;
constexpr std::array<uint8_t, kMappedPrefixBytes> kMappedPrefix = {0, 0, 0, 0, 0,    0,
                                                                   0, 0, 0, 0, 0xff, 0xff};

tl::unexpected<Error> bad(std::string_view what, std::string_view text) {
  return fail_as(ErrorKind::kUsage, "read " + std::string(what), "'" + std::string(text) + "'");
}

Result<uint16_t> parse_port(std::string_view text) {
  uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc() || end != text.data() + text.size()) return bad("port", text);
  return port;
}

}  // namespace

bool IpAddress::is_wildcard() const {
  return std::all_of(bytes.begin(), bytes.end(), [](uint8_t byte) { return byte == 0; });
}

bool IpAddress::is_v4_mapped() const {
  return family == Family::kIpv6 &&
         std::equal(kMappedPrefix.begin(), kMappedPrefix.end(), bytes.begin());
}

IpAddress IpAddress::to_v4_mapped() const {
  if (family == Family::kIpv6) return *this;
  IpAddress mapped{Family::kIpv6, {}};
  std::copy(kMappedPrefix.begin(), kMappedPrefix.end(), mapped.bytes.begin());
  std::copy_n(bytes.begin(), 4, mapped.bytes.begin() + kMappedPrefixBytes);
  return mapped;
}

IpAddress IpAddress::from_v4_mapped() const {
  if (!is_v4_mapped()) return *this;
  IpAddress address{Family::kIpv4, {}};
  std::copy_n(bytes.begin() + kMappedPrefixBytes, 4, address.bytes.begin());
  return address;
}

std::string IpAddress::text() const {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const int family_number = family == Family::kIpv4 ? AF_INET : AF_INET6;
  return ::inet_ntop(family_number, bytes.data(), text.data(), text.size());
}

std::string Endpoint::text() const {
  const bool ipv6 = address.family == Family::kIpv6;
  return fmt::format("{}{}{}:{}", ipv6 ? "[" : "", address.text(), ipv6 ? "]" : "", port);
}

Result<IpAddress> parse_address(std::string_view text) {
  // inet_pton stops at a null character.
  const std::string terminated(text.substr(0, text.find('\0')));
  IpAddress address;
  if (terminated.size() != text.size()) return bad("address", text);
  address.family = text.find(':') == std::string_view::npos ? Family::kIpv4 : Family::kIpv6;
  const int family_number = address.family == Family::kIpv4 ? AF_INET : AF_INET6;
  if (::inet_pton(family_number, terminated.c_str(), address.bytes.data()) == 1) return address;
  return bad("address", text);
}

Result<Endpoint> parse_endpoint(std::string_view text) {
  const size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return bad("address:port", text);
  std::string_view host = text.substr(0, colon);
  const bool bracketed = host.size() >= 2 && host.front() == '[' && host.back() == ']';
  if (bracketed) host = host.substr(1, host.size() - 2);
  SKLAB_TRY(const IpAddress address, parse_address(host));
  if (bracketed != (address.family == Family::kIpv6)) return bad("address:port", text);
  SKLAB_TRY(const uint16_t port, parse_port(text.substr(colon + 1)));
  return Endpoint{address, port};
}

}  // namespace sklab
