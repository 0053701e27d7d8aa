// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/cli/compare_functions.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <optional>
#include <set>

#include "harness/base/lines.h"
#include "harness/guest/profile/attribution.h"
#include "harness/guest/profile/source_lines.h"
#include "harness/record/compare/line_changes.h"

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

  // What a row executes of a function, by address. Errors: the row was not profiled.
  Result<std::vector<InstructionCount>> of_function(const std::string &row,
                                                    const ChangedFunction &function);

 private:
  struct RowProfile {
    LookupProfile profile;
    const Symbols *symbols;
  };
  Result<std::optional<RowProfile>> profile_of(const std::string &name);
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

Result<std::optional<KernelFunctions::RowProfile>> KernelFunctions::profile_of(
    const std::string &name) {
  const auto &rows = kernel_.counts.rows;
  const auto row = std::find_if(rows.begin(), rows.end(),
                                [&](const InstructionRow &one) { return one.name == name; });
  if (row == rows.end() || !row->profile) return std::optional<RowProfile>();
  const ProfileRecord *fewer = window(row->profile->fewer);
  const ProfileRecord *more = window(row->profile->more);
  if (fewer == nullptr || more == nullptr) return fail("find the profile of", name);
  SKLAB_TRY(const Symbols *known, symbols(row->profile->symbols));
  return RowProfile{profile_per_lookup(*fewer, *more, row->profile->added), known};
}

Result<std::optional<FunctionCounts>> KernelFunctions::of_row(const std::string &name) {
  SKLAB_TRY(const auto row, profile_of(name));
  if (!row) return std::optional<FunctionCounts>();
  FunctionCounts counts;
  for (const FunctionTotal &total : function_totals(row->profile.per_lookup, *row->symbols)) {
    counts[{total.owner, total.name}] += total.instructions;
  }
  return std::optional(std::move(counts));
}

Result<std::vector<InstructionCount>> KernelFunctions::of_function(
    const std::string &row, const ChangedFunction &function) {
  SKLAB_TRY(const auto profiled, profile_of(row));
  if (!profiled) return fail("find the profile of", row);
  std::vector<InstructionCount> counts;
  for (const InstructionCount &counted : profiled->profile.per_lookup) {
    const CodeOwner code = owner_of(counted.address, *profiled->symbols);
    if (code.owner == function.owner && code.name == function.name) counts.push_back(counted);
  }
  return counts;
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
    ChangedFunction function{name.second, name.first, std::move(of_kernels), {}};
    if (widest(function) > 0) changed.push_back(std::move(function));
  }
  std::stable_sort(changed.begin(), changed.end(),
                   [](const auto &a, const auto &b) { return widest(a) > widest(b); });
  return changed;
}

bool has_lines(const std::vector<ProfiledCount> &kernels, const ChangedFunction &function) {
  return function.owner.empty() && !function.name.empty() &&
         std::none_of(kernels.begin(), kernels.end(),
                      [](const ProfiledCount &kernel) { return kernel.vmlinux.empty(); });
}

// By file and number, each once.
std::vector<LineCount> line_counts(const std::vector<InstructionCount> &counts,
                                   const CodeLines &lines) {
  std::map<std::pair<std::string, unsigned>, double> by_line;
  for (const InstructionCount &counted : counts) {
    const auto line = lines.find(counted.address);
    if (line == lines.end()) {
      by_line[{"(no line)", 0}] += static_cast<double>(counted.count);
    } else {
      by_line[{line->second.file, line->second.line}] += static_cast<double>(counted.count);
    }
  }
  std::vector<LineCount> all;
  all.reserve(by_line.size());
  for (const auto &[place, count] : by_line) all.push_back({place.first, place.second, count});
  return all;
}

using EachFunction = std::function<Result<>(const std::string &row, ChangedFunction &function)>;

Result<> for_each_function(CompareRecord &record, const std::vector<ProfiledCount> &kernels,
                           const EachFunction &each) {
  for (ComparedRow &row : record.rows) {
    for (ChangedFunction &function : row.functions) {
      if (has_lines(kernels, function)) SKLAB_CHECK(each(row.name, function));
    }
  }
  return Ok{};
}

// The debug information of a kernel is large, so all that is wanted of it is asked for at once.
Result<CodeLines> lines_of(KernelFunctions &functions, const ProfiledCount &kernel,
                           const std::vector<ProfiledCount> &kernels, CompareRecord &record) {
  std::set<uint64_t> addresses;
  SKLAB_CHECK(for_each_function(
      record, kernels, [&](const std::string &row, ChangedFunction &function) -> Result<> {
        SKLAB_TRY(const auto counts, functions.of_function(row, function));
        for (const InstructionCount &counted : counts) addresses.insert(counted.address);
        return Ok{};
      }));
  if (addresses.empty()) return CodeLines();
  return source_lines(kernel.vmlinux, {addresses.begin(), addresses.end()});
}

Result<> add_lines(std::vector<KernelFunctions> &functions,
                   const std::vector<ProfiledCount> &kernels, CompareRecord &record) {
  std::vector<CodeLines> lines;
  for (size_t i = 0; i < kernels.size(); ++i) {
    SKLAB_TRY(CodeLines of_kernel, lines_of(functions[i], kernels[i], kernels, record));
    lines.push_back(std::move(of_kernel));
  }
  return for_each_function(
      record, kernels, [&](const std::string &row, ChangedFunction &function) -> Result<> {
        std::vector<std::vector<LineCount>> counts;
        for (size_t i = 0; i < kernels.size(); ++i) {
          SKLAB_TRY(const auto of_function, functions[i].of_function(row, function));
          counts.push_back(line_counts(of_function, lines[i]));
        }
        function.lines = changed_lines(counts);
        return Ok{};
      });
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
  // What is known without lines is not lost for want of a tool.
  if (const auto added = add_lines(functions, kernels, record); !added) {
    record.warnings.push_back("no source lines: cannot " + added.error().message());
  }
  return Ok{};
}

}  // namespace sklab
