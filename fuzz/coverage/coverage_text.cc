// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <fmt/format.h>

#include <algorithm>

#include "fuzz/coverage/coverage_report.h"

namespace sklab {
namespace {

struct Sum {
  size_t functions = 0;
  size_t ran = 0;
  size_t lines = 0;

  void add(const FunctionCoverage &function) {
    ++functions;
    ran += function.ran();
    lines += function.visible();
  }
};

std::string row(const std::string &name, const Sum &sum) {
  const double share =
      sum.lines == 0 ? 0 : static_cast<double>(sum.ran) / static_cast<double>(sum.lines);
  return fmt::format("  {:<28} {:>9} {:>7} {:>7} {:>7.1f} %\n", name, sum.functions, sum.lines,
                     sum.ran, share * 100);
}

std::string trimmed(const std::string &text) {
  const size_t begin = text.find_first_not_of(" \t");
  return begin == std::string::npos ? "" : text.substr(begin);
}

std::string unreached_of(const FunctionCoverage &function) {
  std::string text;
  const CoveredLine *last = nullptr;
  // Of the lines above, said once.
  const auto say_why = [&] {
    text +=
        fmt::format("           -> {}\n", last->why.empty() ? "nobody has said why" : last->why);
  };
  for (const CoveredLine &line : function.lines) {
    if (line.has_run) continue;
    if (last != nullptr && line.why != last->why) say_why();
    text += fmt::format("    {:>5}  {}\n", line.line, trimmed(line.text));
    last = &line;
  }
  if (last == nullptr) return "";
  say_why();
  return fmt::format("  {}, {}\n{}", function.function, function.file, text);
}

}  // namespace

std::string coverage_text(const CoverageReport &report) {
  std::vector<std::string> names;
  std::map<std::string, Sum> groups;
  Sum hook;
  for (const FunctionCoverage &function : report.functions) {
    if (std::find(names.begin(), names.end(), function.group) == names.end()) {
      names.push_back(function.group);
    }
    groups[function.group].add(function);
    if (function.is_hook) hook.add(function);
  }
  std::string text =
      fmt::format("{}, Linux {}\n\n  {:<28} {:>9} {:>7} {:>7} {:>9}\n", report.kernel,
                  report.release, "", "functions", "lines", "ran", "share");
  for (const std::string &name : names) text += row(name, groups[name]);
  text += row("the hook's own", hook);
  std::string unreached;
  for (const FunctionCoverage &function : report.functions) unreached += unreached_of(function);
  return text + "\nLines that never ran:\n" + (unreached.empty() ? "  none\n" : unreached);
}

}  // namespace sklab
