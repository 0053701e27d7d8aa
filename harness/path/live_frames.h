// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <cstdint>
#include <memory>

#include "harness/base/result.h"
#include "harness/kernel/uplink.h"
#include "harness/path/flood_frame.h"

namespace sklab {

// Frames that go up the stack as if the uplink's interface had received them, without one that
// sent them: an XDP program makes them under BPF_PROG_TEST_RUN (bpf_test_run_xdp_live). They have
// been received when that returns.
class LiveFrames {
 public:
  // The calling thread must be in the server. Errors: kUnavailable for a kernel without XDP on
  // veth.
  static Result<LiveFrames> create(const Uplink &uplink);
  LiveFrames(LiveFrames &&) noexcept;
  LiveFrames &operator=(LiveFrames &&) noexcept;
  ~LiveFrames();

  // Nanoseconds of the timed packets; before and after them goes a burst. `frame` is theirs.
  // Errors: kUnavailable for a kernel without live frames.
  [[nodiscard]] Result<uint64_t> send(const FloodBatch &batch, const FloodFrame &frame) const;

 private:
  struct State;
  explicit LiveFrames(std::unique_ptr<State> state);

  std::unique_ptr<State> state_;
};

}  // namespace sklab
