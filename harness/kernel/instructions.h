// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// BPF instructions, for programs that no compiler would make: those that the verifier must refuse.
// Registers are BPF_REG_0 to BPF_REG_10, sizes are in bytes, offsets of jumps in instructions.
#pragma once

#include <linux/bpf.h>

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace sklab::instructions {

// BPF_B, BPF_H, BPF_W or BPF_DW for an access of 1, 2, 4 or 8 bytes.
constexpr uint8_t size_code(uint32_t size) {
  switch (size) {
    case 1:
      return BPF_B;
    case 2:
      return BPF_H;
    case 4:
      return BPF_W;
    default:
      return BPF_DW;
  }
}

// destination = value, sign-extended to 64 bits.
constexpr bpf_insn move(uint8_t destination, int32_t value) {
  return {BPF_ALU64 | BPF_MOV | BPF_K, destination, 0, 0, value};
}
// destination = value, in the low 32 bits; the high ones become 0.
constexpr bpf_insn move_low_half(uint8_t destination, int32_t value) {
  return {BPF_ALU | BPF_MOV | BPF_K, destination, 0, 0, value};
}
// destination = source, a number or a pointer.
constexpr bpf_insn copy(uint8_t destination, uint8_t source) {
  return {BPF_ALU64 | BPF_MOV | BPF_X, destination, source, 0, 0};
}
constexpr bpf_insn add(uint8_t destination, int32_t value) {
  // NOLINTNEXTLINE(misc-redundant-expression): BPF_ADD and BPF_K are both 0.
  return {BPF_ALU64 | BPF_ADD | BPF_K, destination, 0, 0, value};
}
constexpr bpf_insn multiply(uint8_t destination, int32_t value) {
  return {BPF_ALU64 | BPF_MUL | BPF_K, destination, 0, 0, value};
}
constexpr bpf_insn bit_and(uint8_t destination, int32_t value) {
  return {BPF_ALU64 | BPF_AND | BPF_K, destination, 0, 0, value};
}

// destination = the `size` bytes at source + offset, zero-extended.
constexpr bpf_insn load(uint32_t size, uint8_t destination, uint8_t source, int16_t offset) {
  const auto code = static_cast<uint8_t>(BPF_LDX | BPF_MEM | size_code(size));
  return {code, destination, source, offset, 0};
}
// The `size` bytes at destination + offset = source.
constexpr bpf_insn store(uint32_t size, uint8_t destination, int16_t offset, uint8_t source) {
  const auto code = static_cast<uint8_t>(BPF_STX | BPF_MEM | size_code(size));
  return {code, destination, source, offset, 0};
}
// The same with a constant, sign-extended.
constexpr bpf_insn store_constant(uint32_t size, uint8_t destination, int16_t offset,
                                  int32_t value) {
  const auto code = static_cast<uint8_t>(BPF_ST | BPF_MEM | size_code(size));
  return {code, destination, 0, offset, value};
}

// Leave out the next `count` instructions.
constexpr bpf_insn skip(int16_t count) { return {BPF_JMP | BPF_JA, 0, 0, count, 0}; }
constexpr bpf_insn skip_if_equal(uint8_t source, int32_t value, int16_t count) {
  return {BPF_JMP | BPF_JEQ | BPF_K, source, 0, count, value};
}
constexpr bpf_insn skip_if_not_equal(uint8_t source, int32_t value, int16_t count) {
  return {BPF_JMP | BPF_JNE | BPF_K, source, 0, count, value};
}
// Unsigned.
constexpr bpf_insn skip_if_at_most(uint8_t source, int32_t value, int16_t count) {
  return {BPF_JMP | BPF_JLE | BPF_K, source, 0, count, value};
}

// R0 = helper(R1 to R5), after which R1 to R5 are unreadable.
constexpr bpf_insn call(int32_t helper) { return {BPF_JMP | BPF_CALL, 0, 0, 0, helper}; }
// R0 = the subprogram that begins `count` instructions after the next one.
constexpr bpf_insn call_subprogram(int32_t count) {
  return {BPF_JMP | BPF_CALL, 0, BPF_PSEUDO_CALL, 0, count};
}
// Return from the program with R0.
constexpr bpf_insn leave() { return {BPF_JMP | BPF_EXIT, 0, 0, 0, 0}; }

// BPF_LD_IMM64: one instruction that takes the place of two. `source` says what the value is.
constexpr std::array<bpf_insn, 2> load_64(uint8_t destination, uint8_t source, uint64_t value) {
  // NOLINTNEXTLINE(misc-redundant-expression): BPF_LD and BPF_IMM are both 0.
  return {{{BPF_LD | BPF_DW | BPF_IMM, destination, source, 0, static_cast<int32_t>(value)},
           {0, 0, 0, 0, static_cast<int32_t>(value >> 32U)}}};
}
// destination = value.
constexpr std::array<bpf_insn, 2> move_64(uint8_t destination, uint64_t value) {
  return load_64(destination, 0, value);
}
// destination = the map.
constexpr std::array<bpf_insn, 2> load_map(uint8_t destination, int map_fd) {
  return load_64(destination, BPF_PSEUDO_MAP_FD, static_cast<uint32_t>(map_fd));
}
// destination = the address of the first value of an array map: no lookup, no check for NULL.
constexpr std::array<bpf_insn, 2> load_map_value(uint8_t destination, int map_fd) {
  return load_64(destination, BPF_PSEUDO_MAP_VALUE, static_cast<uint32_t>(map_fd));
}

// A program, put together from instructions and lists of them.
class Code {
 public:
  Code() = default;
  template <typename... Parts>
  explicit Code(const Parts &...parts) {
    (append(parts), ...);
  }

  Code &append(const bpf_insn &instruction) {
    instructions_.push_back(instruction);
    return *this;
  }
  Code &append(std::span<const bpf_insn> instructions) {
    // One by one: g++ 12 sees an overflow in insert() that is not there (GCC bug 105329).
    for (const bpf_insn &instruction : instructions) instructions_.push_back(instruction);
    return *this;
  }
  Code &append(const Code &other) { return append(other.all()); }

  [[nodiscard]] std::span<const bpf_insn> all() const { return instructions_; }

 private:
  std::vector<bpf_insn> instructions_;
};

}  // namespace sklab::instructions
