// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/packet/transport_reception.h"

#include <netinet/in.h>

#include <algorithm>

#include "fuzz/packet/ip_view.h"
#include "harness/path/network_bytes.h"
#include "harness/path/packet_headers.h"

namespace sklab {
namespace {

using Bytes = std::span<const uint8_t>;

constexpr size_t kChecksumBreak = 76;  // CHECKSUM_BREAK of include/linux/skbuff.h

bool is_ipv4(const Transport &transport) { return transport.source.family == Family::kIpv4; }

bool sum_is_right(const Transport &transport, Bytes bytes) {
  const bool pseudo_header = transport.protocol != IPPROTO_ICMP;
  const uint32_t initial = pseudo_header
                               ? sum_pseudo_header(transport.source, transport.destination,
                                                   transport.protocol, bytes.size())
                               : 0;
  return internet_checksum(bytes, initial) == 0;
}

// Addresses that a scenario can have. Of others some are dropped as martians, and who listens to
// multicast or an IPv4-mapped address is no matter of these rules.
enum class AddressClass : uint8_t { kPlain, kOdd, kBeyond };
AddressClass classify(const IpAddress &address) {
  const uint8_t first = address.bytes[0];
  if (address.family == Family::kIpv4) {
    if (first >= 224) return AddressClass::kBeyond;
    return first == 0 ? AddressClass::kOdd : AddressClass::kPlain;
  }
  if (first == 0xff || address.is_v4_mapped()) return AddressClass::kBeyond;
  const bool global = first >> 5U == 1 || (first & 0xfeU) == 0xfc;
  return global ? AddressClass::kPlain : AddressClass::kOdd;
}

LookupChance certainty(const IpAddress &source, const IpAddress &destination) {
  const auto worst = std::max(classify(source), classify(destination));
  if (worst == AddressClass::kBeyond) return LookupChance::kUnknown;
  return worst == AddressClass::kOdd ? LookupChance::kPossible : LookupChance::kCertain;
}

Reception looked_up(const Transport &transport, Protocol protocol, Bytes header) {
  Reception reception;
  reception.lookup = certainty(transport.source, transport.destination);
  reception.packet = {
      protocol, {transport.source, get16(header, 0)}, {transport.destination, get16(header, 2)}};
  return reception;
}

Reception receive_udp(const Transport &transport) {
  Bytes bytes = transport.bytes;
  if (bytes.size() < 8) return {};
  size_t length = get16(bytes, 4);
  // The length of a jumbogram (RFC 2675) is 0, which __udp6_lib_rcv takes for what there is.
  if (!is_ipv4(transport) && length == 0) length = bytes.size();
  if (length < 8 || length > bytes.size()) return {};
  bytes = bytes.first(length);
  Reception reception = looked_up(transport, Protocol::kUdp, bytes);
  const bool no_checksum = get16(bytes, 6) == 0;
  const bool right = no_checksum || sum_is_right(transport, bytes);
  if (!right && bytes.size() <= kChecksumBreak) return {};
  // IPv6 has no datagrams without a checksum, which is noticed after the lookup.
  const bool goes_on = no_checksum ? is_ipv4(transport) : right;
  reception.after = goes_on ? AfterLookup::kGoesOn : AfterLookup::kDropped;
  reception.payload.assign(bytes.begin() + 8, bytes.end());
  return reception;
}

// Segments that are signed (RFC 2385, RFC 5925) are dropped where no key is known, and a reset in
// answer to them looks for a listener that has one; those whose options are no list are dropped by
// kernels that look for signatures (tcp_do_parse_auth_options).
struct TcpOptions {
  bool are_signed = false;
  bool are_a_list = true;
};
TcpOptions scan_tcp_options(Bytes options) {
  constexpr uint8_t kMd5 = 19;
  constexpr uint8_t kAuthentication = 29;
  TcpOptions found;
  while (!options.empty() && options[0] != 0) {
    const bool no_operation = options[0] == 1;
    if (options[0] == kMd5 || options[0] == kAuthentication) found.are_signed = true;
    const size_t size = no_operation || options.size() < 2 ? 1 : options[1];
    found.are_a_list = no_operation || (options.size() >= 2 && size >= 2 && size <= options.size());
    if (!found.are_a_list) break;
    options = options.subspan(size);
  }
  return found;
}

Reception receive_tcp(const Transport &transport) {
  const Bytes bytes = transport.bytes;
  if (bytes.size() < 20) return {};
  const size_t header = size_t{4} * (bytes[12] >> 4U);
  if (header < 20 || header > bytes.size()) return {};
  Reception reception = looked_up(transport, Protocol::kTcp, bytes);
  reception.tcp_flags = bytes[13];
  const bool right = sum_is_right(transport, bytes);
  if (!right && bytes.size() <= kChecksumBreak) return {};
  const TcpOptions options = scan_tcp_options(bytes.subspan(20, header - 20));
  if (!options.are_a_list) reception.after = AfterLookup::kMayBeDropped;
  if (!right) reception.after = AfterLookup::kDropped;
  if (options.are_signed) reception.lookup = LookupChance::kUnknown;
  return reception;
}

// Whether errors of this kind are told to UDP (icmp_pointers and icmp_unreach in net/ipv4/icmp.c,
// icmpv6_rcv). Redirects and wrong packet sizes change routes.
LookupChance told_to_udp(bool ipv4, uint8_t type, uint8_t code) {
  if (!ipv4) {
    // Errors of an unknown type are told, too (RFC 4443, 2.4).
    if (type < 128 && type != 2) return LookupChance::kCertain;
    return type == 2 || type == 137 ? LookupChance::kPossible : LookupChance::kNone;
  }
  if (type == 4 || type == 5) return LookupChance::kPossible;
  if (type == 11 && code == 1) return LookupChance::kNone;  // fragments that did not come in time
  if (type == 11 || type == 12) return code > 15 ? LookupChance::kPossible : LookupChance::kCertain;
  if (type != 3 || code > 15) return LookupChance::kNone;
  return code == 4 ? LookupChance::kPossible : LookupChance::kCertain;
}

// An error about what `quoted` begins with. The socket is that of the datagram's sender.
Reception receive_quoted(bool ipv4, Bytes quoted) {
  const size_t header = ipv4 ? 20 : 40;
  if (quoted.size() < header) return {};
  const size_t transport = ipv4 ? size_t{4} * (quoted[0] & 0xfU) : header;
  if (transport < header || quoted.size() < transport + 8) return {};
  const uint8_t protocol = quoted[ipv4 ? 9 : 6];
  const unsigned version = ipv4 ? 4 : 6;
  const Transport answered{address_in(version, quoted, 1), address_in(version, quoted, 0), protocol,
                           quoted.subspan(transport)};
  Reception reception;
  reception.is_error = true;
  reception.packet = {Protocol::kUdp,
                      {answered.source, get16(answered.bytes, 2)},
                      {answered.destination, get16(answered.bytes, 0)}};
  const bool beyond = certainty(answered.source, answered.destination) == LookupChance::kUnknown;
  if (protocol == IPPROTO_UDP)
    reception.lookup = beyond ? LookupChance::kUnknown : LookupChance::kCertain;
  // Extension headers in the quotation are skipped, what comes then is anybody's.
  if (!ipv4 && is_extension_header(protocol)) reception.lookup = LookupChance::kUnknown;
  return reception;
}

Reception receive_icmp(const Transport &transport) {
  const Bytes bytes = transport.bytes;
  if (bytes.size() < 8 || !sum_is_right(transport, bytes)) return {};
  const bool ipv4 = is_ipv4(transport);
  const LookupChance told = told_to_udp(ipv4, bytes[0], bytes[1]);
  if (told == LookupChance::kNone) return {};
  Reception reception = receive_quoted(ipv4, bytes.subspan(8));
  if (reception.lookup == LookupChance::kNone) return {};
  if (reception.lookup == LookupChance::kCertain) reception.lookup = told;
  // The socket is looked up, and then not told of redirects, source quenches, and packet sizes that
  // it does not ask about (__udp4_lib_err, __udp6_lib_err).
  if (told == LookupChance::kPossible) reception.after = AfterLookup::kMayBeDropped;
  const LookupChance addresses = certainty(transport.source, transport.destination);
  if (addresses == LookupChance::kUnknown) reception.lookup = LookupChance::kUnknown;
  if (addresses == LookupChance::kPossible && reception.lookup == LookupChance::kCertain) {
    reception.lookup = LookupChance::kPossible;
  }
  return reception;
}

}  // namespace

Reception receive_transport(const Transport &transport) {
  const bool ipv4 = is_ipv4(transport);
  if (transport.protocol == IPPROTO_UDP) return receive_udp(transport);
  if (transport.protocol == IPPROTO_TCP) return receive_tcp(transport);
  if (transport.protocol == (ipv4 ? +IPPROTO_ICMP : +IPPROTO_ICMPV6)) {
    return receive_icmp(transport);
  }
  return {};
}

}  // namespace sklab
