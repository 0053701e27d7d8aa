// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// The flood path: packets arrive as fast as the netns can take them, and end in it. All in the
// calling thread, which sends and receives.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "harness/base/result.h"
#include "harness/kernel/processor_counters.h"
#include "harness/kernel/socket_set.h"
#include "harness/kernel/uplink.h"
#include "harness/path/flood_batch.h"
#include "harness/path/flood_books.h"

namespace sklab {

enum class FloodGenerator : uint8_t {
  kLiveFrames,  // path/live_frames.h
  kRaw,         // path/raw_flood.h
  // path/tool_flood.h: their packets are counted for a while, as they do not come in batches.
  kTrafgen,
  kXdpTrafficgen,
};

struct FloodResult {
  uint64_t elapsed_ns = 0;  // of the timed packets
  uint64_t packets = 0;     // all of them: a burst before and one after those
  PacketEnds ends;          // of all that is_received()
  // Of all packets, and of the calls that send them; none where the processor does not tell.
  std::optional<ProcessorCounts> counts;
};

// Sockets take packets as path/end_counter.h says.
class FloodPath {
 public:
  // `sockets`, whose descriptors are borrowed, are those of the server; `population` describes
  // them. Errors: those of the generator and of EndCounter.
  static Result<FloodPath> create(const Netns &server, Uplink uplink, const SocketSet &sockets,
                                  const std::vector<SocketSpec> &population,
                                  FloodGenerator generator = FloodGenerator::kLiveFrames);
  FloodPath(FloodPath &&) noexcept;
  FloodPath &operator=(FloodPath &&) noexcept;
  ~FloodPath();

  // The calling thread must be in the server. Errors: kMismatch when fewer packets arrived than
  // were sent.
  Result<FloodResult> run(const FloodBatch &batch) const;

  // Why results have no processor counts; "" if they have.
  [[nodiscard]] std::string reason_without_counts() const;

 private:
  struct State;
  explicit FloodPath(std::unique_ptr<State> state);
  static Result<> open_generator(FloodGenerator generator, State &state);

  std::unique_ptr<State> state_;
};

}  // namespace sklab
