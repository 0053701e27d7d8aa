// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// What of a profile belongs to which function, and what does not belong to it at all.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "harness/guest/profile/profile_encoding.h"
#include "harness/guest/profile/symbols.h"

namespace sklab {

struct FunctionTotal {
  CodeKind kind = CodeKind::kUnknown;
  std::string name;  // source_name(); "" for user space and what no function is known of
  std::string owner;
  uint64_t instructions = 0;
};

// What an instruction is of: a function of the kernel or a module, or a BPF program. No name for
// user space and what no function is known of.
struct CodeOwner {
  CodeKind kind = CodeKind::kUnknown;
  std::string_view name;   // source_name(); points into the symbols
  std::string_view owner;  // likewise
  auto operator<=>(const CodeOwner &) const = default;
};
CodeOwner owner_of(uint64_t address, const Symbols &symbols);

// Each function once, parts that were split off added to it; the most instructions first.
std::vector<FunctionTotal> function_totals(const std::vector<InstructionCount> &counts,
                                           const Symbols &symbols);

struct Disturbance {
  std::string entry;  // the function that interrupts, exceptions or other tasks come in by
  uint64_t count = 0;
};

// What came between the marks besides the profiled program's own calls: interrupts and exceptions,
// which enter the kernel by functions of known names (asm_sysvec_..., asm_exc_..., asm_common_...
// of arch/x86/include/asm/idtentry.h, in Linux since 5.8), and switches to other tasks. The count
// at an entry's first instruction is exact, so a window without disturbances ran nothing but what
// it says.
std::vector<Disturbance> disturbances(const std::vector<InstructionCount> &counts,
                                      const Symbols &symbols);

}  // namespace sklab
