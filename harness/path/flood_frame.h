// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Frames of a flood, as bytes. Pure.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "harness/path/flood_batch.h"

namespace sklab {

struct FloodFrame {
  std::vector<uint8_t> bytes;
  // The sum of what the checksum covers, but for the source port: in the order of the bytes.
  uint16_t checksum_of_rest = 0;
};

inline constexpr uint8_t kFloodHopLimit = 64;

// A UDP datagram without data, or a TCP SYN, padded to Ethernet's least length, such that it meets
// the batch's fate.
FloodFrame make_flood_frame(const std::array<uint8_t, 14> &header, const FloodBatch &batch);

// The whole frame, as bpf/flood.bpf.c completes it.
std::vector<uint8_t> with_source_port(const FloodFrame &frame, const Packet &packet, uint16_t port);

}  // namespace sklab
