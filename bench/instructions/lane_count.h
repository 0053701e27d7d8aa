// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <cstdint>
#include <optional>

#include "bench/group_session.h"
#include "harness/measure/instruction_clock.h"
#include "harness/record/instructions/instruction_record.h"

namespace sklab {

// With what belongs to each lookup in the loop around them.
struct LaneCount {
  int64_t instructions = 0;  // of all the lookups of one packet: the median packet's
  uint64_t lookups = 0;
  uint32_t packets = 1;        // that were counted, each by itself
  uint32_t packets_alike = 1;  // of which so many had this count
};

class LaneCounter {
 public:
  // Both borrowed.
  LaneCounter(GroupSession &session, InstructionClock &clock) : session_(session), clock_(clock) {}

  // Lookups of one batch, few enough that most batches see no interrupt: a power of two from 16 on,
  // or 1 where already 16 take too long.
  Result<uint64_t> choose_lookups(const Lane &lane);

  // What twice `lookups` take more than `lookups`. Of a lane with many packets some are counted,
  // and the median is taken: by the kernel's secret hash some share a bucket with another socket.
  // What an iteration of the loop takes beside its lookups is left out as well, as it is the same
  // with sixteen lookups as with eight. Errors: kMismatch when a lookup is wrong, or no three tries
  // agree.
  Result<LaneCount> count(const Lane &lane, uint64_t lookups);

  // Marks two batches of the lane's first packet for the emulator's profile, of which no interrupt
  // came into either. Errors: those of count().
  Result<ProfileWindows> profile(const Lane &lane, uint64_t lookups);

 private:
  // Of one batch: between the probe's two looks at the kernel's clock, for a program by itself of
  // the whole system call. None if an interrupt came.
  Result<std::optional<uint64_t>> run(const Lane &lane, const BatchPiece &piece);
  // What three pairs of batches, of `piece` and of twice as many lookups, agree on. Pairs, since
  // what a system call takes beside lookups changes now and then by an instruction or two.
  Result<int64_t> settle(const Lane &lane, const BatchPiece &piece);
  Result<int64_t> count_piece(const Lane &lane, BatchPiece piece);
  // Whether no interrupt came.
  Result<bool> run_marked(const Lane &lane, const BatchPiece &piece);

  GroupSession &session_;
  InstructionClock &clock_;
  static inline uint64_t windows_ = 0;  // that were marked in this process, which has one profile
};

}  // namespace sklab
