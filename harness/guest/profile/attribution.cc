// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/guest/profile/attribution.h"

#include <algorithm>
#include <array>
#include <map>

namespace sklab {
namespace {

bool is_foreign_entry(const Function &function) {
  constexpr std::array<std::string_view, 4> kEntries = {"asm_exc_", "asm_sysvec_", "asm_common_",
                                                        "asm_spurious_"};
  // Every switch to another task calls it.
  if (function.name == "__switch_to_asm") return true;
  return function.kind == CodeKind::kKernel &&
         std::any_of(kEntries.begin(), kEntries.end(),
                     [&](std::string_view entry) { return function.name.starts_with(entry); });
}

}  // namespace

CodeOwner owner_of(uint64_t address, const Symbols &symbols) {
  const Function *function = symbols.function_at(address);
  if (function == nullptr) return {symbols.kind_at(address), {}, {}};
  const bool is_program = function->kind == CodeKind::kBpfProgram;
  return {symbols.kind_at(address),
          is_program ? program_name(function->name) : source_name(function->name), function->owner};
}

std::vector<FunctionTotal> function_totals(const std::vector<InstructionCount> &counts,
                                           const Symbols &symbols) {
  std::map<CodeOwner, uint64_t> totals;
  for (const InstructionCount &counted : counts) {
    totals[owner_of(counted.address, symbols)] += counted.count;
  }
  std::vector<FunctionTotal> functions;
  functions.reserve(totals.size());
  for (const auto &[code, instructions] : totals) {
    functions.push_back({code.kind, std::string(code.name), std::string(code.owner), instructions});
  }
  std::stable_sort(functions.begin(), functions.end(), [](const auto &left, const auto &right) {
    return left.instructions > right.instructions;
  });
  return functions;
}

std::vector<Disturbance> disturbances(const std::vector<InstructionCount> &counts,
                                      const Symbols &symbols) {
  std::vector<Disturbance> found;
  for (const InstructionCount &counted : counts) {
    const Function *function = symbols.function_at(counted.address);
    if (function != nullptr && function->address == counted.address &&
        is_foreign_entry(*function)) {
      found.push_back({function->name, counted.count});
    }
  }
  return found;
}

}  // namespace sklab
