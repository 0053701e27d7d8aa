// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <vector>

#include "harness/base/result.h"
#include "harness/base/unique_fd.h"
#include "harness/kernel/uplink.h"
#include "harness/path/flood_batch.h"

namespace sklab {

// Frames that a packet socket sends from the far end of an uplink, many a system call. What one CPU
// sends into a veth pair is received on that same CPU (enqueue_to_backlog).
class RawFlood {
 public:
  static Result<RawFlood> open(const Uplink &uplink);

  // Nanoseconds of the timed packets; before and after them goes a burst. All were handed over when
  // this returns. `header` is Ethernet's. Errors: kUnavailable for frames untouched.
  Result<uint64_t> send(const FloodBatch &batch, const std::array<uint8_t, 14> &header);

 private:
  using Frames = std::vector<std::vector<uint8_t>>;
  struct Made {
    Packet packet;
    FloodFate fate;
    Frames frames;
  };

  explicit RawFlood(UniqueFd fd) : fd_(std::move(fd)) {}

  // Made once, and kept.
  const Frames &frames_of(const FloodBatch &batch, const std::array<uint8_t, 14> &header);
  Result<> send_frames(const Frames &frames, uint64_t count);

  UniqueFd fd_;
  std::deque<Made> made_;
  size_t next_ = 0;
};

}  // namespace sklab
