// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/cli/compare_functions.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>

#include "harness/base/lines.h"
#include "harness/guest/profile/attribution.h"

namespace sklab {
namespace {

using FunctionName = std::pair<std::string, std::string>;  // owner and name
using FunctionCounts = std::map<FunctionName, uint64_t>;   // instructions per lookup

// The functions of one kernel's rows.
class KernelFunctions {
 public:
  explicit KernelFunctions(const ProfiledCount &kernel) : kernel_(kernel) {}

  // None for a row that was not profiled.
  Result<std::optional<FunctionCounts>> of_row(const std::string &name);

 private:
  Result<const Symbols *> symbols(uint64_t index);
  [[nodiscard]] const ProfileRecord *window(uint64_t sequence) const;

  const ProfiledCount &kernel_;
  std::map<uint64_t, Symbols> symbols_;  // of each group, parsed once
};

Result<const Symbols *> KernelFunctions::symbols(uint64_t index) {
  if (!symbols_.contains(index)) {
    if (index >= kernel_.counts.symbols.size()) return fail("read the profile's symbols");
    // Programs that the guest had at its end are of other groups.
    const std::string lines = lines_where(
        kernel_.guest->symbols, [](std::string_view line) { return !is_bpf_symbol(line); });
    SKLAB_TRY(Symbols parsed, Symbols::parse(lines + kernel_.counts.symbols[index]));
    symbols_.emplace(index, std::move(parsed));
  }
  return &symbols_.at(index);
}

const ProfileRecord *KernelFunctions::window(uint64_t sequence) const {
  const auto &windows = kernel_.guest->profile;
  const bool there =
      sequence >= 1 && sequence <= windows.size() && windows[sequence - 1].sequence == sequence;
  return there ? &windows[sequence - 1] : nullptr;
}

Result<std::optional<FunctionCounts>> KernelFunctions::of_row(const std::string &name) {
  const auto &rows = kernel_.counts.rows;
  const auto row = std::find_if(rows.begin(), rows.end(),
                                [&](const InstructionRow &one) { return one.name == name; });
  if (row == rows.end() || !row->profile) return std::optional<FunctionCounts>();
  const ProfileRecord *fewer = window(row->profile->fewer);
  const ProfileRecord *more = window(row->profile->more);
  if (fewer == nullptr || more == nullptr) return fail("find the profile of", name);
  SKLAB_TRY(const Symbols *known, symbols(row->profile->symbols));
  const LookupProfile profile = profile_per_lookup(*fewer, *more, row->profile->added);
  FunctionCounts counts;
  for (const FunctionTotal &total : function_totals(profile.per_lookup, *known)) {
    counts[{total.owner, total.name}] += total.instructions;
  }
  return std::optional(std::move(counts));
}

double widest(const ChangedFunction &function) {
  const auto &counts = function.instructions_per_lookup;
  const auto [least, most] = std::minmax_element(counts.begin(), counts.end());
  return *most - *least;
}

std::vector<ChangedFunction> changed_functions(const std::vector<FunctionCounts> &kernels) {
  std::map<FunctionName, std::vector<double>> counts;
  for (size_t i = 0; i < kernels.size(); ++i) {
    for (const auto &[name, count] : kernels[i]) {
      auto &of_kernels = counts[name];
      of_kernels.resize(kernels.size());
      of_kernels[i] = static_cast<double>(count);
    }
  }
  std::vector<ChangedFunction> changed;
  for (auto &[name, of_kernels] : counts) {
    ChangedFunction function{name.second, name.first, std::move(of_kernels)};
    if (widest(function) > 0) changed.push_back(std::move(function));
  }
  std::stable_sort(changed.begin(), changed.end(),
                   [](const auto &a, const auto &b) { return widest(a) > widest(b); });
  return changed;
}

}  // namespace

Result<> add_functions(const std::vector<ProfiledCount> &kernels, CompareRecord &record) {
  std::vector<KernelFunctions> functions;
  functions.reserve(kernels.size());
  for (const ProfiledCount &kernel : kernels) functions.emplace_back(kernel);
  for (ComparedRow &row : record.rows) {
    if (!is_changed(row)) continue;
    std::vector<FunctionCounts> counts;
    for (KernelFunctions &kernel : functions) {
      SKLAB_TRY(auto of_row, kernel.of_row(row.name));
      if (of_row) counts.push_back(std::move(*of_row));
    }
    if (counts.size() == kernels.size()) row.functions = changed_functions(counts);
  }
  return Ok{};
}

}  // namespace sklab
