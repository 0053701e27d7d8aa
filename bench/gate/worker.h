// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// The process that measures for a gate: it opens groups and runs single batches as it is told. So
// several of them can take turns batch by batch, and each has loaded its programs and opened its
// sockets anew: where those lie in memory makes a difference that no number of batches removes.
#pragma once

#include <memory>
#include <optional>

#include "bench/gate/protocol.h"
#include "harness/kernel/user_object.h"

namespace sklab {

struct GateWorkerOptions {
  std::optional<unsigned> cpu;
  // Fraction by which every lookup is to be slower, by a probe that can; none for the usual one.
  std::optional<double> slowdown;
  SharedObject object;  // whose groups are meant instead of sklab's own
};

// Answers requests until the other end is gone. The process must have been isolated. Errors: those
// of setting up, and of the channel; what goes wrong with a request is in its reply.
Result<> serve_gate(const GateChannel &channel, const GateWorkerOptions &options);

}  // namespace sklab
