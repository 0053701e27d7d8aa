// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// The flood path: packets arrive as fast as the netns can take them, and end in it. Frames are made
// by an XDP program under BPF_PROG_TEST_RUN and go up the stack as if a driver had received them
// (bpf_test_run_xdp_live), synchronously, in the calling thread.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "harness/base/result.h"
#include "harness/kernel/socket_set.h"
#include "harness/kernel/uplink.h"
#include "harness/model/scenario.h"
#include "harness/path/flood_books.h"

namespace sklab {

// What is made to become of the packets.
enum class FloodFate : uint8_t {
  kSocket,       // whatever the lookup says
  kNotReceived,  // thrown away by the program that makes them: what making them costs
  kBadChecksum,  // found to be damaged right before the lookup
  kLowHopLimit,  // refused by the socket right after the lookup; TCP only
};

struct FloodBatch {
  Packet packet;  // its source port is the first of kFloodPorts
  FloodFate fate = FloodFate::kSocket;
  uint64_t packets = 0;  // timed; a multiple of kFloodBurst
};

// As the driver of a network card hands up at once (NAPI_POLL_WEIGHT).
inline constexpr uint32_t kFloodBurst = 64;
// Source ports that packets take turns with, as in the tables of the series.
inline constexpr uint16_t kFloodPorts = 10000;

struct FloodResult {
  uint64_t elapsed_ns = 0;  // of the timed packets
  uint64_t packets = 0;     // all of them: a burst before and one after those
  PacketEnds ends;          // of all; none for kNotReceived
};

// UDP sockets get a filter that throws everything away, and TCP listeners answer every SYN with a
// cookie and refuse low hop limits. What the server sends is counted, and dropped as it leaves.
class FloodPath {
 public:
  // `sockets`, whose descriptors are borrowed, are those of the server; `population` describes
  // them. Errors: kUnavailable for a kernel without live frames, or with more than 63 sockets.
  static Result<FloodPath> create(const Netns &server, Uplink uplink, const SocketSet &sockets,
                                  const std::vector<SocketSpec> &population);
  FloodPath(FloodPath &&) noexcept;
  FloodPath &operator=(FloodPath &&) noexcept;
  ~FloodPath();

  // The calling thread must be in the server. Errors: kMismatch when fewer packets arrived than
  // were sent.
  Result<FloodResult> run(const FloodBatch &batch) const;

 private:
  struct State;
  explicit FloodPath(std::unique_ptr<State> state);

  std::unique_ptr<State> state_;
};

}  // namespace sklab
