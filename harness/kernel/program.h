// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <bpf/libbpf.h>

#include <cstdint>
#include <optional>

#include "harness/base/result.h"
#include "harness/base/unique_fd.h"

namespace sklab {

// A value that takes the place of a constant in a program's code.
struct ImmediatePatch {
  int32_t marker = 0;  // must occur exactly once as the immediate of a move
  int32_t value = 0;
};

// A loaded sk_lookup program with an identity and a run count of its own.
class Program {
 public:
  // Loads one more instance of a program that libbpf has loaded already. The copy shares its maps.
  // So sixty-four attached programs can be sixty-four programs, each with its own code in memory,
  // and not one that stays in the instruction cache.
  static Result<Program> copy_of(const bpf_program *original,
                                 std::optional<ImmediatePatch> patch = std::nullopt);

  // One more owner of a loaded program, with the identity and run count that it has.
  static Result<Program> shared_with(int program_fd);

  [[nodiscard]] int fd() const { return fd_.get(); }

 private:
  explicit Program(UniqueFd fd) : fd_(std::move(fd)) {}

  UniqueFd fd_;
};

struct ProgramSize {
  uint64_t instructions = 0;  // as the verifier left them; 0 where the kernel does not tell
  uint64_t machine_code_bytes =
      0;  // 0 for an interpreted program, or where the kernel does not tell
};
Result<ProgramSize> program_size(int program_fd);

// How often the program ran while BPF statistics were on (kernel/bpf_stats.h).
Result<uint64_t> run_count(int program_fd);

// The program's id, as bpf_link_info and bpf_prog_query report it.
Result<uint32_t> program_id(int program_fd);

}  // namespace sklab
