// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// A program in a guest says what of it is profiled: what it and the kernel execute between two
// marks. A mark is a long NOP (nopl displacement(%rax,%rax,1)) whose displacement the emulator's
// plugin knows. It does nothing and touches no memory on any x86-64 processor, so marks may stay
// where there is no plugin.
#pragma once

#include <cstdint>

namespace sklab {

inline constexpr int32_t kBeginMark = 0x6b736c62;
inline constexpr int32_t kEndMark = 0x6b736c65;

// Counts start from zero after this instruction. The clobber keeps the compiler from moving memory
// accesses, so calls of the kernel, across it.
inline void begin_profile() {
  asm volatile(".byte 0x0f, 0x1f, 0x84, 0x00; .long %c0" : : "i"(kBeginMark) : "memory");
}

// What was executed since the last begin_profile() becomes a record; this instruction does not
// belong to it.
inline void end_profile() {
  asm volatile(".byte 0x0f, 0x1f, 0x84, 0x00; .long %c0" : : "i"(kEndMark) : "memory");
}

}  // namespace sklab
