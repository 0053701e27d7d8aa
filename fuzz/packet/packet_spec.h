// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// A packet as a fuzzer's input describes it: from, to, headers, fragments, and what is broken in
// it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/model/scenario.h"

namespace sklab {

enum class PacketForm : uint8_t {
  kMessage,  // a UDP datagram or a TCP segment from the packet's source to its destination
  kError,  // an ICMP error from its source, about such a message from its destination to its source
};

// One more header or option in a packet, of the right length and form. Parts that are not of the
// packet's family or protocol, or that do not fit, are left out.
struct HeaderPart {
  enum class Kind : uint8_t {
    kIpv4Option,
    kHopByHop,     // the first one stands first; all of them are IPv6 headers
    kDestination,  // with one option, as kHopByHop
    kRouting,      // with no segments left
    kAtomic,       // a fragment header of a whole packet (RFC 6946)
    kTcpOption,
  };
  Kind kind = Kind::kIpv4Option;
  uint8_t type = 0;  // of the option, or the routing header
  std::vector<uint8_t> content;

  bool operator==(const HeaderPart &) const = default;
};
inline constexpr size_t kHeaderPartKinds = 6;

// Into which fragments, and in which order they are sent. A packet of 8 bytes or less stays whole.
struct Fragmentation {
  std::vector<uint16_t> cuts;  // in units of 8 bytes, modulo the packet's
  bool backwards = false;
  bool repeat = false;     // the fragment `chosen` is sent twice
  bool leave_out = false;  // it is not sent
  bool overlap = false;    // it is 8 bytes longer than it should be
  uint8_t chosen = 0;      // modulo the number of fragments

  bool operator==(const Fragmentation &) const = default;
};

// Something that is changed in one of the packet's frames after all is built.
struct Damage {
  enum class Kind : uint8_t {
    kXor,
    kSet,
    kTruncate,  // to `offset` bytes
    kExtend,    // by `offset` bytes, which IP's lengths do not tell
  };
  Kind kind = Kind::kXor;
  uint8_t frame = 0;          // modulo the number of frames
  bool in_transport = false;  // the offset counts from the end of the IP headers
  uint16_t offset = 0;        // modulo what there is
  uint8_t value = 0;
  bool fix_ip_checksum = false;
  bool fix_transport_checksum = false;

  bool operator==(const Damage &) const = default;
};

struct PacketSpec {
  Packet packet;
  PacketForm form = PacketForm::kMessage;
  uint8_t tcp_flags = 0;  // of a message
  uint8_t error = 0;      // modulo the kinds of ICMP errors there are (ip_payload.cc)
  uint16_t payload_bytes = 0;
  std::vector<HeaderPart> parts;
  std::optional<Fragmentation> fragmentation;
  std::vector<Damage> damages;

  bool operator==(const PacketSpec &) const = default;
};

inline constexpr size_t kMostPayload = 1200;
inline constexpr size_t kMostParts = 8;
inline constexpr size_t kMostDamages = 8;
inline constexpr size_t kMostCuts = 8;

}  // namespace sklab
