// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/program/disassembly.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/model/step_text.h"

namespace sklab {
namespace {

unsigned width_of(uint8_t code) {
  switch (BPF_SIZE(code)) {
    case BPF_B:
      return 8;
    case BPF_H:
      return 16;
    case BPF_W:
      return 32;
    default:
      return 64;
  }
}

std::string memory(uint8_t code, unsigned base, int16_t offset) {
  return fmt::format("*(u{} *)(r{} {:+})", width_of(code), base, offset);
}

std::string arithmetic(const bpf_insn &one) {
  const char *operation = BPF_OP(one.code) == BPF_ADD   ? "+="
                          : BPF_OP(one.code) == BPF_AND ? "&="
                                                        : "=";
  const char letter = BPF_CLASS(one.code) == BPF_ALU64 ? 'r' : 'w';
  const unsigned destination = one.dst_reg;
  const unsigned source = one.src_reg;
  if (BPF_SRC(one.code) == BPF_X) {
    return fmt::format("{}{} {} {}{}", letter, destination, operation, letter, source);
  }
  return fmt::format("{}{} {} {}", letter, destination, operation, one.imm);
}

std::string jump(const bpf_insn &one) {
  const char *comparison = BPF_OP(one.code) == BPF_JEQ   ? "=="
                           : BPF_OP(one.code) == BPF_JNE ? "!="
                                                         : "<=";
  switch (BPF_OP(one.code)) {
    case BPF_CALL:
      return fmt::format("call {}", one.imm);
    case BPF_EXIT:
      return "exit";
    case BPF_JA:
      return fmt::format("goto {:+}", one.off);
    default:
      return fmt::format("if r{} {} {} goto {:+}", unsigned{one.dst_reg}, comparison, one.imm,
                         one.off);
  }
}

std::string wide_constant(const bpf_insn &one) {
  const unsigned destination = one.dst_reg;
  if (one.src_reg == BPF_PSEUDO_MAP_FD) return fmt::format("r{} = map {}", destination, one.imm);
  if (one.src_reg == BPF_PSEUDO_MAP_VALUE) {
    return fmt::format("r{} = value of map {}", destination, one.imm);
  }
  return fmt::format("r{} = {:#x} ll, the low half", destination, static_cast<uint32_t>(one.imm));
}

}  // namespace

std::string disassemble(const bpf_insn &one) {
  const unsigned destination = one.dst_reg;
  const unsigned source = one.src_reg;
  // What follows a wide constant, of class BPF_LD as well.
  if (one.code == 0) return fmt::format("{:#x}, the high half", static_cast<uint32_t>(one.imm));
  switch (BPF_CLASS(one.code)) {
    case BPF_LD:
      return wide_constant(one);
    case BPF_LDX:
      return fmt::format("r{} = {}", destination, memory(one.code, source, one.off));
    case BPF_ST:
      return fmt::format("{} = {}", memory(one.code, destination, one.off), one.imm);
    case BPF_STX: {
      const bool atomic = BPF_MODE(one.code) == BPF_ATOMIC;
      return fmt::format("{}{} {} r{}", atomic ? "lock " : "",
                         memory(one.code, destination, one.off), atomic ? "+=" : "=", source);
    }
    case BPF_JMP:
      return jump(one);
    default:
      return arithmetic(one);
  }
}

std::string disassembly(const StepProgram &program, const StepCode &code) {
  const auto &first = code.first_instruction;
  const std::span<const bpf_insn> instructions = code.code.all();
  std::string text = "# The context is in R6, slots 0 to 2 are R7 to R9.\n";
  for (size_t i = 0; i < instructions.size(); ++i) {
    for (size_t step = 0; step < program.steps.size(); ++step) {
      if (first[step] == i) text += fmt::format("# {}: {}\n", step, describe(program.steps[step]));
    }
    const bpf_insn &one = instructions[i];
    text += fmt::format("{:>4}: {}\n", i, disassemble(one));
  }
  return text;
}

}  // namespace sklab
