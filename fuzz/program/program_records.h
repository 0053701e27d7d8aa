// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// A program of steps as bytes that can be mutated: a list of records of one size, most of them one
// step each. Any bytes are a complete program: what a record says too much is taken modulo.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "harness/model/step_program.h"

namespace sklab {

// [0] is a StepKind or one of these.
enum class ProgramRecordKind : uint8_t {
  kPacket = kStepKinds,  // [1] bit 0: TCP, bit 1: IPv6; [4..5], [6..7] ports; [8..15] addresses
  kGiven,                // [8..15] the given number
  kMend,                 // [1] how many refusals to mend (mend_program.h)
};
inline constexpr size_t kProgramRecordKinds = kStepKinds + 3;

// Of a step: [1] form, [2] slot, the highest bit whether it is fixed, [3] source, [4] offset, [5]
// size or length, [6] context, [7] flags, [8..15] value. Of packets and such the last one counts.
inline constexpr size_t kProgramRecordSize = 16;

// Offsets of loads and stores, which go a little beyond the context to both sides.
inline constexpr int kLowestOffset = -8;
inline constexpr int kOffsets = 96;

// What is left of a record at the end is ignored.
StepProgram decode_program(std::span<const uint8_t> bytes);

}  // namespace sklab
