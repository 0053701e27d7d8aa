// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <cstdint>

#include "harness/model/scenario.h"

namespace sklab {

// What is made to become of the packets.
enum class FloodFate : uint8_t {
  kSocket,       // whatever the lookup says
  kUntouched,    // live frames thrown away before anything is written into them
  kNotReceived,  // made, and thrown away before the stack sees them
  kBadChecksum,  // found to be damaged right before the lookup
  kLowHopLimit,  // refused by the socket right after the lookup; TCP only
};

inline bool is_received(FloodFate fate) {
  return fate != FloodFate::kUntouched && fate != FloodFate::kNotReceived;
}

// As the driver of a network card hands up at once (NAPI_POLL_WEIGHT).
inline constexpr uint32_t kFloodBurst = 64;
// Source ports that packets take turns with, as in the tables of the series.
inline constexpr uint16_t kFloodPorts = 10000;
inline constexpr uint16_t kFloodFirstPort = 20000;

struct FloodBatch {
  Packet packet;  // its source port does not matter
  FloodFate fate = FloodFate::kSocket;
  uint64_t packets = 0;  // timed; a multiple of kFloodBurst
};

// With a burst before the timed ones and one after them.
inline uint64_t packets_sent(const FloodBatch &batch) {
  return batch.packets + 2 * uint64_t{kFloodBurst};
}

}  // namespace sklab
