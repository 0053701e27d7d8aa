// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// IP packets as bytes: what a wire carries. Pure; families are those of the addresses.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "harness/model/address.h"
#include "harness/model/scenario.h"

namespace sklab {

// RFC 1071, over bytes in network order. Right bytes with their checksum among them give 0.
uint16_t internet_checksum(std::span<const uint8_t> bytes, uint32_t initial = 0);

// The addresses, the protocol and the length, which are summed with UDP, TCP and ICMPv6.
uint32_t sum_pseudo_header(const IpAddress &source, const IpAddress &destination, uint8_t protocol,
                           size_t length);

// Flags of the TCP header (RFC 9293, 3.1).
inline constexpr uint8_t kTcpFin = 0x01;
inline constexpr uint8_t kTcpSyn = 0x02;
inline constexpr uint8_t kTcpReset = 0x04;
inline constexpr uint8_t kTcpPush = 0x08;
inline constexpr uint8_t kTcpAck = 0x10;

struct TcpFields {
  uint8_t flags = 0;
  uint32_t sequence = 0;
  uint32_t acknowledgement = 0;

  bool operator==(const TcpFields &) const = default;
};

// Destination unreachable: which type and code stand for it depends on the family.
enum class Unreachable : uint8_t { kPort, kHost, kProhibited };

std::vector<uint8_t> build_udp(const Endpoint &source, const Endpoint &destination,
                               std::span<const uint8_t> payload);
std::vector<uint8_t> build_tcp(const Endpoint &source, const Endpoint &destination,
                               const TcpFields &fields, std::span<const uint8_t> payload = {});
std::vector<uint8_t> build_echo_request(const IpAddress &source, const IpAddress &destination,
                                        uint32_t identifier);
// Quotes a packet that the destination of this one sent.
std::vector<uint8_t> build_unreachable(const IpAddress &source, const IpAddress &destination,
                                       Unreachable reason, std::span<const uint8_t> quoted);

enum class PacketKind : uint8_t { kUdp, kTcp, kEchoReply, kUnreachable, kOther };

// What a captured packet says. Only the members of its kind are set.
struct ParsedPacket {
  PacketKind kind = PacketKind::kOther;
  Endpoint source;
  Endpoint destination;
  TcpFields tcp;
  std::span<const uint8_t> payload;  // of UDP and TCP; borrowed from what was parsed
  uint32_t echo_identifier = 0;
  uint8_t icmp_type = 0;  // of every ICMP and ICMPv6 message
  uint8_t icmp_code = 0;
  std::optional<Unreachable> reason;  // none: a code that has no name here
  std::optional<Packet> quoted;       // by an error: the UDP or TCP packet that it is about
};

// None for what is not a whole IPv4 or IPv6 packet. Checksums are not verified: a device that
// computes them leaves them to nobody on a veth pair.
std::optional<ParsedPacket> parse_packet(std::span<const uint8_t> packet);

// One line: "tcp 127.0.0.1:80 -> 127.0.0.9:4000 flags=0x12", "icmp type=3 code=3 ...".
std::string describe(const ParsedPacket &packet);

}  // namespace sklab
