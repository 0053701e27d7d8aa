// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// A scenario as bytes that can be mutated: a list of records of one size, each a part of the
// scenario. Removing, moving or copying a record removes, moves or copies that part. Any bytes are
// a valid scenario: what a record says too much is taken modulo, what it contradicts is left out.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "harness/model/link_rules.h"
#include "harness/model/scenario.h"

namespace sklab {

enum class RecordKind : uint8_t {
  kDialect,  // [1] dialect; [2..3] OK, [4..5] DROP, [6..7] REDIRECT; the last one counts
  kSocket,   // [1] SocketBits; [2] address; [3] peer's address; [4..5] port; [6..7] peer's port
  kPacket,   // [1] SocketBits; [2] source; [3] destination; [4..5], [6..7] ports; the last one
             // counts
  kAssign,   // [1] 0 for NULL, or 1 + socket; [4..11] flags
  kReturn,   // [4..7] code: the end of a program
};
inline constexpr size_t kRecordKinds = 5;
inline constexpr size_t kRecordSize = 12;
constexpr RecordKind record_kind(uint8_t first_byte) {
  return static_cast<RecordKind>(first_byte % kRecordKinds);
}

enum SocketBits : uint8_t {
  kBitUdp = 1,
  kBitIpv6 = 2,
  kBitV6Only = 4,
  kBitConnected = 8,
  kBitReuseport = 16,
  kBitMapped = 32,
};

inline constexpr size_t kMostRecordedSockets = 12;
inline constexpr size_t kMostRecordedAssigns = 16;  // what a scripted program can hold

// Ports of the far ends of connections, which nothing else is bound to.
inline constexpr uint16_t kFirstPeerPort = 40000;
inline constexpr uint16_t kPeerPorts = 4;
constexpr bool is_peer_port(uint16_t port) {
  return port >= kFirstPeerPort && port < kFirstPeerPort + kPeerPorts;
}

// Valid, and such that a netns of sklab can hold it. What is left of a record at the end is
// ignored.
Scenario decode_scenario(std::span<const uint8_t> bytes);

// Bytes that decode to this scenario; none for one that records cannot say: other addresses or
// names, SK_REUSEPORT programs.
std::optional<std::vector<uint8_t>> encode_scenario(const Scenario &scenario);

}  // namespace sklab
