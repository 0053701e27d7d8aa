// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <fmt/format.h>

#include <algorithm>

#include "harness/record/cells.h"
#include "harness/record/compare/compare_table.h"
#include "harness/record/instructions/instruction_table.h"
#include "harness/record/row_name.h"

namespace sklab {
namespace {

constexpr size_t kColumns = 72;
constexpr size_t kNameColumns = 30;
constexpr size_t kKernelsBesideBase = 2;  // in one block

std::string fitted(std::string line) {
  if (line.size() > kColumns) line.resize(kColumns);
  line.resize(line.find_last_not_of(' ') + 1);
  return line + "\n";
}

std::string value_text(const ComparedCell &cell) {
  if (cell.status == RowStatus::kFailed) return "FAILED";
  if (cell.status == RowStatus::kSkipped) return "-";
  return instructions_text(cell.instructions_per_lookup);
}

std::string delta_text(const ComparedCell &cell) {
  if (!cell.delta) return "";
  if (cell.verdict == Verdict::kNoChange) return "=";
  return instructions_text(*cell.delta, true) + (cell.residue == 0 ? "" : "~");
}

// The base's column, and from `first` on those of a block.
std::string row_line(const ComparedRow &row, const std::string &name, size_t first, size_t end) {
  std::string line = fmt::format("  {:<{}} {:>8}", name.substr(0, kNameColumns - 2),
                                 kNameColumns - 2, value_text(row.cells.front()));
  for (size_t i = first; i < end; ++i) {
    line += fmt::format(" {:>8} {:>7}", value_text(row.cells[i]), delta_text(row.cells[i]));
  }
  return fitted(line);
}

std::string heading(const CompareRecord &record, size_t first, size_t end) {
  std::string line = fmt::format("{:<{}} {:>8}", "instructions per lookup", kNameColumns,
                                 record.kernels.front().name.substr(0, 8));
  for (size_t i = first; i < end; ++i) {
    line += fmt::format(" {:>8} {:>7}", record.kernels[i].name.substr(0, 8), "change");
  }
  return fitted(line);
}

std::string block(const CompareRecord &record, size_t first) {
  const size_t end = std::min(first + kKernelsBesideBase, record.kernels.size());
  std::string text = "\n" + heading(record, first, end);
  std::string section;
  for (const ComparedRow &row : record.rows) {
    const bool skipped =
        std::all_of(row.cells.begin(), row.cells.end(),
                    [](const ComparedCell &cell) { return cell.status == RowStatus::kSkipped; });
    if (skipped) continue;
    if (section_of(row.name) != section) {
      section = section_of(row.name);
      text += section + "\n";
    }
    text += row_line(row, within_section(row.name), first, end);
  }
  return text;
}

std::string cases_text(const CompareRecord &record) {
  if (record.cases == 0) return "";
  std::string text = fmt::format("\nanswers: {} of {} conformance cases differ\n",
                                 record.changed_cases.size(), record.cases);
  for (const ChangedCase &one : record.changed_cases) {
    text += fitted("  " + one.name);
    for (size_t i = 0; i < one.results.size(); ++i) {
      const std::string reason = one.reasons[i].substr(0, one.reasons[i].find('\n'));
      text += fitted(fmt::format("    {}: {}{}{}", record.kernels[i].name,
                                 one.results[i].empty() ? "not there" : one.results[i],
                                 reason.empty() ? "" : ": ", reason));
    }
  }
  return text;
}

std::string function_line(const ChangedFunction &function) {
  const auto &counts = function.instructions_per_lookup;
  std::string line = fmt::format("    {:<{}} {:>8}", function.name.substr(0, kNameColumns - 4),
                                 kNameColumns - 4, instructions_text(counts.front()));
  for (size_t i = 1; i < counts.size(); ++i) {
    line += fmt::format(" {:>8} {:>7}", instructions_text(counts[i]),
                        instructions_text(counts[i] - counts.front(), true));
  }
  return fitted(line);
}

std::string why_text(const CompareRecord &record) {
  std::string text;
  for (const ComparedRow &row : record.rows) {
    if (row.functions.empty()) continue;
    text += fitted("  " + row.name);
    for (const ChangedFunction &function : row.functions) text += function_line(function);
  }
  return text.empty() ? "" : "\ninstructions by function, of one packet\n" + text;
}

std::string summary_line(const CompareRecord &record) {
  const auto changed = std::count_if(record.rows.begin(), record.rows.end(), is_changed);
  return fitted(fmt::format("{} of {} rows have other counts than on {}", changed,
                            record.rows.size(), record.kernels.front().name));
}

}  // namespace

std::string compare_table(const CompareRecord &record) {
  std::string text;
  for (const ComparedKernel &kernel : record.kernels) {
    text += fitted(fmt::format("{}: Linux {} ({})", kernel.name, kernel.fingerprint.kernel_release,
                               kernel.kernel));
    if (!kernel.trouble.empty()) text += fitted("  its log: " + kernel.trouble);
  }
  text += summary_line(record);
  for (size_t first = 1; first < record.kernels.size(); first += kKernelsBesideBase) {
    text += block(record, first);
  }
  text += why_text(record) + cases_text(record);
  for (const std::string &warning : record.warnings) text += fitted("warning: " + warning);
  return text + "\n" + repeatable_command(record.command_line, record.seed) + "\n";
}

}  // namespace sklab
