// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Frames of a flood, as bytes. Pure.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "harness/model/scenario.h"

namespace sklab {

struct FloodFrame {
  std::vector<uint8_t> bytes;
  // The sum of what the checksum covers, but for the source port: in the order of the bytes.
  uint16_t checksum_of_rest = 0;
};

inline constexpr uint8_t kFloodHopLimit = 64;

// A UDP datagram without data, or a TCP SYN, padded to Ethernet's least length.
FloodFrame make_flood_frame(const std::array<uint8_t, 14> &header, Packet packet, bool bad_checksum,
                            uint8_t hop_limit);

}  // namespace sklab
