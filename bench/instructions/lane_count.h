// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <cstdint>

#include "bench/group_session.h"
#include "harness/measure/instruction_clock.h"

namespace sklab {

// Of all of a lane's packets, the loop around the lookups included.
struct LaneCount {
  uint64_t instructions = 0;
  uint64_t lookups = 0;
};

class LaneCounter {
 public:
  // Both borrowed.
  LaneCounter(GroupSession &session, InstructionClock &clock) : session_(session), clock_(clock) {}

  // Lookups of one batch, few enough that most batches see no interrupt.
  Result<uint64_t> choose_lookups(const Lane &lane);

  // What twice `lookups` take more than `lookups`, packet by packet: so it does not matter what a
  // system call takes beside them. A batch's count is what three batches agreed on that saw no
  // interrupt. Errors: kMismatch when a lookup is wrong, or no three batches agree.
  Result<LaneCount> count(const Lane &lane, uint64_t lookups);

 private:
  Result<uint64_t> settle(const Lane &lane, const BatchPiece &piece);

  GroupSession &session_;
  InstructionClock &clock_;
};

}  // namespace sklab
