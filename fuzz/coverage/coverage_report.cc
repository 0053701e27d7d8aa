// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/coverage/coverage_report.h"

#include <algorithm>
#include <string_view>

#include "fuzz/coverage/hook_code.h"
#include "fuzz/coverage/kernel_source.h"
#include "harness/base/file.h"
#include "harness/base/lines.h"
#include "harness/guest/profile/symbols.h"

namespace sklab {
namespace {

constexpr std::string_view kTracer = "__sanitizer_cov_trace_pc";

Result<uint64_t> tracer_of(const GuestKernel &kernel) {
  SKLAB_TRY(const std::string map, read_file(kernel.image.parent_path() / "System.map"));
  SKLAB_TRY(const Symbols symbols, Symbols::parse(map));
  for (const Function &function : symbols.functions()) {
    if (function.name == kTracer) return function.address;
  }
  return fail_as(ErrorKind::kUsage, "find KCOV in", kernel.name, 0,
                 "`sklab kernel build --kcov` makes a kernel that has it");
}

bool is_of(const CodeGroup &group, const std::string &function) {
  return group.functions.empty() || std::find(group.functions.begin(), group.functions.end(),
                                              function) != group.functions.end();
}

// The group's functions of a file, by name.
std::vector<FunctionCoverage> functions_of(const CodeGroup &group,
                                           const std::map<unsigned, LineState> &states,
                                           const std::vector<std::string> &source) {
  std::map<std::string, FunctionCoverage> functions;
  for (const auto &[number, state] : states) {
    for (const std::string &name : state.functions) {
      if (!is_of(group, name)) continue;
      FunctionCoverage &function = functions[name];
      function.group = group.name;
      function.is_hook = group.is_hook;
      function.file = group.file;
      function.function = name;
      const auto text_of = [&](size_t line) -> std::string {
        return line >= 1 && line <= source.size() ? source[line - 1] : "";
      };
      CoveredLine line{number, state.has_run, text_of(number), "", false};
      const Unreached *known =
          line.has_run ? nullptr : why_unreached(name, line.text, text_of(number - 1));
      if (known != nullptr) {
        line.why = known->why;
        line.is_invisible = known->is_invisible;
      }
      function.lines.push_back(std::move(line));
    }
  }
  std::vector<FunctionCoverage> sorted;
  sorted.reserve(functions.size());
  for (auto &[name, function] : functions) sorted.push_back(std::move(function));
  std::sort(sorted.begin(), sorted.end(), [](const auto &a, const auto &b) {
    return a.lines.front().line < b.lines.front().line;
  });
  return sorted;
}

}  // namespace

size_t FunctionCoverage::ran() const {
  return static_cast<size_t>(std::count_if(lines.begin(), lines.end(),
                                           [](const CoveredLine &line) { return line.has_run; }));
}

size_t FunctionCoverage::visible() const {
  return static_cast<size_t>(std::count_if(lines.begin(), lines.end(),
                                           [](const auto &line) { return !line.is_invisible; }));
}

double CoverageReport::hook_share() const {
  size_t ran = 0;
  size_t all = 0;
  for (const FunctionCoverage &function : functions) {
    if (!function.is_hook) continue;
    ran += function.ran();
    all += function.visible();
  }
  return all == 0 ? 0 : static_cast<double>(ran) / static_cast<double>(all);
}

Result<CoverageReport> make_coverage_report(const GuestKernel &kernel, const KernelBlocks &blocks) {
  if (kernel.vmlinux.empty()) {
    return fail_as(ErrorKind::kUsage, "find the debug information of", kernel.name, 0,
                   "`sklab kernel build --kcov` makes a kernel that has it");
  }
  SKLAB_TRY(const uint64_t tracer, tracer_of(kernel));
  SKLAB_TRY(const CodeOfFiles code, read_code_rows(kernel.vmlinux, has_hook_code));
  SKLAB_TRY(const std::vector<uint64_t> calls, find_calls(kernel.vmlinux, code.ranges, tracer));
  if (!are_blocks_of(blocks.blocks, code, calls)) {
    return fail_as(ErrorKind::kUsage, "show the coverage of", kernel.name, 0,
                   "it is another build than the one that was fuzzed");
  }
  CoverageReport report;
  report.kernel = kernel.name;
  report.release = blocks.kernel_release;
  const LineCoverage coverage = line_coverage(code, calls, blocks.blocks);
  for (const CodeGroup &group : code_groups()) {
    for (const auto &[file, states] : coverage) {
      if (source_path(file) != group.file) continue;
      auto &source = report.sources[group.file];
      if (source.empty()) {
        const std::string text = kernel_source(kernel, file).value_or("");
        const std::vector<std::string_view> lines = split_lines(text);
        source.assign(lines.begin(), lines.end());
      }
      for (FunctionCoverage &function : functions_of(group, states, source)) {
        report.functions.push_back(std::move(function));
      }
    }
  }
  return report;
}

}  // namespace sklab
