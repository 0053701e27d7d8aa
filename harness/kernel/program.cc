// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/kernel/program.h"

#include <bpf/bpf.h>
#include <fcntl.h>

#include <cerrno>
#include <vector>

namespace sklab {
namespace {

Result<> apply_patch(const ImmediatePatch &patch, std::vector<bpf_insn> &instructions) {
  unsigned replaced = 0;
  for (bpf_insn &instruction : instructions) {
    const bool is_move = (instruction.code == (BPF_ALU | BPF_MOV | BPF_K)) ||
                         (instruction.code == (BPF_ALU64 | BPF_MOV | BPF_K));
    if (!is_move || instruction.imm != patch.marker) continue;
    instruction.imm = patch.value;
    ++replaced;
  }
  if (replaced != 1) return fail("patch program", "marker not found exactly once");
  return Ok{};
}

Result<bpf_prog_info> program_info(int program_fd) {
  bpf_prog_info info{};
  __u32 size = sizeof(info);
  if (bpf_obj_get_info_by_fd(program_fd, &info, &size) != 0) {
    return fail("read", "program info", errno);
  }
  return info;
}

}  // namespace

Result<Program> Program::copy_of(const bpf_program *original, std::optional<ImmediatePatch> patch) {
  const size_t count = bpf_program__insn_cnt(original);
  const bpf_insn *first = bpf_program__insns(original);
  // After loading these are the instructions as the kernel got them, map descriptors filled in.
  std::vector<bpf_insn> instructions(first, first + count);
  if (patch) SKLAB_CHECK(apply_patch(*patch, instructions));

  LIBBPF_OPTS(bpf_prog_load_opts, options,
              .expected_attach_type = bpf_program__expected_attach_type(original));
  // No BTF comes along, so the program must have neither subprograms nor callbacks.
  const char *name = bpf_program__name(original);
  UniqueFd fd(bpf_prog_load(bpf_program__type(original), name, "Dual BSD/GPL", instructions.data(),
                            instructions.size(), &options));
  if (!fd.valid()) return fail("load a copy of program", name, errno);
  return Program(std::move(fd));
}

Result<Program> Program::shared_with(int program_fd) {
  UniqueFd fd(::fcntl(program_fd, F_DUPFD_CLOEXEC, 0));
  if (!fd.valid()) return fail("duplicate", "program descriptor", errno);
  return Program(std::move(fd));
}

Result<ProgramSize> program_size(int program_fd) {
  SKLAB_TRY(const bpf_prog_info info, program_info(program_fd));
  return ProgramSize{info.xlated_prog_len / sizeof(bpf_insn), info.jited_prog_len};
}

Result<uint64_t> run_count(int program_fd) {
  SKLAB_TRY(const bpf_prog_info info, program_info(program_fd));
  return info.run_cnt;
}

Result<uint32_t> program_id(int program_fd) {
  SKLAB_TRY(const bpf_prog_info info, program_info(program_fd));
  return info.id;
}

}  // namespace sklab
