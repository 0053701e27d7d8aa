// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// A population and packets as bytes that can be mutated: the records of a scenario
// (fuzz/semantics/scenario_records.h), of which each kPacket begins a packet, and records of more
// kinds, which say more about the packet before them. Any bytes are valid.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "fuzz/packet/packet_spec.h"
#include "fuzz/semantics/scenario_records.h"

namespace sklab {

// After the kinds of RecordKind, whose kPacket has more to say here: [8] the form, [9] TCP flags or
// kind of error, [10..11] bytes of payload.
enum class PacketRecordKind : uint8_t {
  kPart = kRecordKinds,  // [1] HeaderPart::Kind; [2] type; [3] length of content; [4..11] content
  kFragments,            // [1] FragmentBits; [2] number of cuts; [3] chosen; [4..11] cuts
  kDamage,               // [1] Damage::Kind; [2] frame; [3] DamageBits; [4..5] offset; [6] value
  kReuseport,            // [1] group; [2] ReuseportProgram::Action; [3] socket
};
inline constexpr size_t kPacketRecordKinds = 9;

enum FragmentBits : uint8_t {
  kBitBackwards = 1,
  kBitRepeat = 2,
  kBitLeaveOut = 4,
  kBitOverlap = 8,
};
enum DamageBits : uint8_t {
  kBitInTransport = 1,
  kBitFixIpChecksum = 2,
  kBitFixTransportChecksum = 4,
};

inline constexpr size_t kMostPackets = 16;

struct PacketInput {
  Scenario scenario;  // its packet is that of the first of `packets`
  std::vector<PacketSpec> packets;

  bool operator==(const PacketInput &) const = default;
};

// The scenario is valid and can be sent packets from outside: no established socket is on ::1.
PacketInput decode_packets(std::span<const uint8_t> bytes);

// Bytes that decode to this input; none for one that records cannot say.
std::optional<std::vector<uint8_t>> encode_packets(const PacketInput &input);

}  // namespace sklab
