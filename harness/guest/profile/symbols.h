// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Which function an address belongs to, by a kernel's /proc/kallsyms.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/result.h"

namespace sklab {

enum class CodeKind : uint8_t {
  kUser,
  kKernel,         // of its image
  kModule,         // owner: the module
  kBpfProgram,     // owner: "bpf"
  kBpfTrampoline,  // or dispatcher
  kUnknown,        // in the kernel's half, but of no function
};

std::string_view code_kind_name(CodeKind kind);

struct Function {
  uint64_t address = 0;
  CodeKind kind = CodeKind::kUnknown;
  std::string name;   // as the kernel has it
  std::string owner;  // a module's name; "" for what is not one's
};

class Symbols {
 public:
  // Errors: what is no /proc/kallsyms; one of a process that must not see addresses.
  static Result<Symbols> parse(std::string_view kallsyms);

  // The last that begins at or before the address; none in user space, and before the first.
  [[nodiscard]] const Function *function_at(uint64_t address) const;
  [[nodiscard]] CodeKind kind_at(uint64_t address) const;
  [[nodiscard]] const std::vector<Function> &functions() const { return functions_; }

 private:
  std::vector<Function> functions_;  // by address, one each
};

// Whether a line of /proc/kallsyms is about a BPF program or trampoline.
bool is_bpf_symbol(std::string_view line);

// The lines of /proc/kallsyms that are about code, which are a third of it.
std::string code_symbols(std::string_view kallsyms);

// Without what compilers add to the names of functions that they split or specialise (.isra.0,
// .constprop.0, .part.0, .cold, .llvm.1), so that builds compare.
std::string_view source_name(std::string_view name);

// Of a BPF program's symbol (bpf_prog_TAG_NAME), without its tag, which is another in every build.
std::string_view program_name(std::string_view name);

}  // namespace sklab
