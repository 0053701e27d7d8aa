// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/guest/profile/attribution.h"

#include <algorithm>
#include <array>
#include <map>
#include <tuple>

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

std::vector<FunctionTotal> function_totals(const std::vector<InstructionCount> &counts,
                                           const Symbols &symbols) {
  std::map<std::tuple<CodeKind, std::string_view, std::string_view>, uint64_t> totals;
  for (const InstructionCount &counted : counts) {
    const Function *function = symbols.function_at(counted.address);
    const auto name = function == nullptr                       ? std::string_view()
                      : function->kind == CodeKind::kBpfProgram ? program_name(function->name)
                                                                : source_name(function->name);
    const std::string_view owner = function == nullptr ? "" : std::string_view(function->owner);
    totals[{symbols.kind_at(counted.address), owner, name}] += counted.count;
  }
  std::vector<FunctionTotal> functions;
  functions.reserve(totals.size());
  for (const auto &[key, instructions] : totals) {
    const auto &[kind, owner, name] = key;
    functions.push_back({kind, std::string(name), std::string(owner), instructions});
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
