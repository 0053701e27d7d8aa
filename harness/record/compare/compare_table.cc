// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/record/compare/compare_table.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/record/cells.h"
#include "harness/record/instructions/instruction_table.h"
#include "harness/record/letter.h"
#include "harness/record/row_name.h"

namespace sklab {
namespace {

constexpr size_t kMostNameColumns = 30;
constexpr size_t kValueColumns = 8;
constexpr size_t kChangeColumns = 7;

// Kernels that stand beside the base.
struct Block {
  size_t first;
  size_t end;
};

std::vector<Block> blocks_of(const CompareRecord &record) {
  constexpr size_t kMostKernels = 2;
  std::vector<Block> blocks;
  for (size_t first = 1; first < record.kernels.size(); first += kMostKernels) {
    blocks.push_back({first, std::min(first + kMostKernels, record.kernels.size())});
  }
  return blocks;
}

// On all kernels.
bool is_skipped(const ComparedRow &row) {
  return std::all_of(row.cells.begin(), row.cells.end(),
                     [](const ComparedCell &cell) { return cell.status == RowStatus::kSkipped; });
}

// The numbers are never cut, so the name is.
std::string table_line(std::string name, const std::string &numbers) {
  const size_t columns = kLetterColumns - std::min(kLetterColumns, numbers.size());
  name.resize(std::min(columns, kMostNameColumns), ' ');
  return letter_line(name + numbers);
}

std::string value_column(const std::string &value) {
  return fmt::format(" {:>{}}", value, kValueColumns);
}

std::string columns_of(const std::string &value, const std::string &change) {
  return fmt::format("{} {:>{}}", value_column(value), change, kChangeColumns);
}

std::string value_text(const CompareRecord &record, const ComparedCell &cell) {
  if (cell.status == RowStatus::kFailed) return "FAILED";
  if (cell.status == RowStatus::kSkipped) return "-";
  return per_lookup_text(record, cell.per_lookup);
}

std::string change_text(const CompareRecord &record, const ComparedCell &cell,
                        const ComparedCell &base) {
  if (!cell.delta) return cell.verdict == Verdict::kInconclusive ? "?" : "";
  if (cell.verdict == Verdict::kNoChange) return "=";
  const bool sure = compares_times(record) ? cell.verdict != Verdict::kInconclusive
                                           : cell.residue == 0 && base.residue == 0;
  return per_lookup_text(record, *cell.delta, true) + (sure ? "" : "~");
}

std::string heading(const CompareRecord &record, const Block &block) {
  constexpr size_t kBothColumns = kValueColumns + 1 + kChangeColumns;
  std::string numbers = value_column(record.kernels.front().name.substr(0, kValueColumns));
  for (size_t i = block.first; i < block.end; ++i) {
    const std::string &name = record.kernels[i].name;
    numbers += name.size() <= kValueColumns
                   ? columns_of(name, "change")
                   : fmt::format(" {:>{}}", name.substr(0, kBothColumns), kBothColumns);
  }
  return table_line(per_lookup_title(record), numbers);
}

std::string row_line(const CompareRecord &record, const ComparedRow &row, const Block &block) {
  const ComparedCell &base = row.cells.front();
  std::string numbers = value_column(value_text(record, base));
  for (size_t i = block.first; i < block.end; ++i) {
    numbers +=
        columns_of(value_text(record, row.cells[i]), change_text(record, row.cells[i], base));
  }
  return table_line("  " + within_section(row.name), numbers);
}

std::string rows_text(const CompareRecord &record, const Block &block) {
  std::string text = "\n" + heading(record, block);
  std::string section;
  for (const ComparedRow &row : record.rows) {
    if (is_skipped(row)) continue;
    if (section_of(row.name) != section) {
      section = section_of(row.name);
      text += letter_line(section);
    }
    text += row_line(record, row, block);
  }
  return text;
}

std::string counts_line(const std::string &name, const std::vector<double> &counts,
                        const Block &block) {
  std::string numbers = value_column(instructions_text(counts.front()));
  for (size_t i = block.first; i < block.end; ++i) {
    const double change = counts[i] - counts.front();
    numbers += columns_of(instructions_text(counts[i]),
                          change == 0 ? "=" : instructions_text(change, true));
  }
  return table_line(name, numbers);
}

std::string function_lines(const ChangedFunction &function, const Block &block) {
  std::string text = counts_line("    " + function.name, function.instructions_per_lookup, block);
  for (const ChangedLine &line : function.lines) {
    const std::string file = line.file.substr(line.file.rfind('/') + 1);
    text += counts_line(fmt::format("      {}:{}", file, line.line), line.instructions_per_lookup,
                        block);
  }
  return text;
}

std::string functions_text(const CompareRecord &record, const Block &block) {
  std::string text;
  for (const ComparedRow &row : record.rows) {
    if (!row.functions.empty()) text += letter_line("  " + row.name);
    for (const ChangedFunction &function : row.functions) text += function_lines(function, block);
  }
  if (text.empty()) return "";
  return "\ninstructions by function, of one packet\n" + heading(record, block) + text;
}

std::string notes_text(const CompareRecord &record) {
  std::string text = compares_times(record)
                         ? fmt::format(
                               "\n=: within 1 %; ~: not sure, after {} boots of each; ?: "
                               "cannot be compared\n",
                               record.boots)
                         : "\n=: the same; ~: not exact; ?: cannot be compared; -: not counted\n";
  for (const std::string &note : compare_notes(record)) text += letter_text(note, 2, 4);
  return text;
}

std::string cases_text(const CompareRecord &record) {
  if (record.cases == 0) return "";
  std::string text = fmt::format("\nanswers: {} of {} conformance cases differ\n",
                                 record.changed_cases.size(), record.cases);
  for (const ChangedCase &one : record.changed_cases) {
    text += letter_line("  " + one.name);
    for (size_t i = 0; i < one.results.size(); ++i) {
      const std::string reason = one.reasons[i].substr(0, one.reasons[i].find('\n'));
      text += letter_text(fmt::format("{}: {}{}{}", record.kernels[i].name,
                                      one.results[i].empty() ? "not there" : one.results[i],
                                      reason.empty() ? "" : ": ", reason),
                          4, 6);
    }
  }
  return text;
}

// Each option with its value: what a space and a dash begin that are in no quotes.
std::vector<std::string> options_of(const std::string &command) {
  std::vector<std::string> options(1);
  bool quoted = false;
  for (size_t i = 0; i < command.size(); ++i) {
    if (command[i] == '\'') quoted = !quoted;
    if (!quoted && command.compare(i, 2, " -") == 0) {
      options.emplace_back();
      continue;
    }
    options.back() += command[i];
    if (!quoted && command[i] == '\\' && i + 1 < command.size()) options.back() += command[++i];
  }
  return options;
}

// In as many lines as it takes: a shell joins them again.
std::string command_text(const std::string &command) {
  constexpr std::string_view kGoesOn = " \\";
  std::string text;
  std::string line;
  for (const std::string &part : options_of(command)) {
    if (!line.empty() && line.size() + 1 + part.size() + kGoesOn.size() > kLetterColumns) {
      text += ascii_line(line + std::string(kGoesOn));
      line = "   ";
    }
    line += (line.empty() ? "" : " ") + part;
  }
  return text + ascii_line(line);
}

}  // namespace

std::string compare_summary(const CompareRecord &record) {
  const auto changed = std::count_if(record.rows.begin(), record.rows.end(), is_changed);
  const auto unsure = std::count_if(record.rows.begin(), record.rows.end(), may_be_changed);
  std::string text = fmt::format("{} of {} rows {} than on {}", changed, record.rows.size(),
                                 compares_times(record) ? "take another time" : "have other counts",
                                 record.kernels.front().name);
  if (unsure != 0) {
    text += fmt::format(", {} may {}", unsure, compares_times(record) ? "do so" : "have");
  }
  return text;
}

std::string per_lookup_title(const CompareRecord &record) {
  return compares_times(record) ? "ns per lookup" : "instructions per lookup";
}

std::string per_lookup_text(const CompareRecord &record, double value, bool sign) {
  if (!compares_times(record)) return instructions_text(value, sign);
  return sign ? fmt::format("{:+.1f}", value) : fmt::format("{:.1f}", value);
}

std::vector<std::string> compare_notes(const CompareRecord &record) {
  std::vector<std::string> notes;
  for (const ComparedRow &row : record.rows) {
    if (is_skipped(row)) continue;
    for (size_t i = 0; i < row.cells.size(); ++i) {
      const std::string &reason = row.cells[i].reason;
      if (reason.empty()) continue;
      notes.push_back(fmt::format("{} on {}: {}", row.name, record.kernels[i].name, reason));
    }
  }
  return notes;
}

std::string compare_table(const CompareRecord &record) {
  std::string text;
  for (const ComparedKernel &kernel : record.kernels) {
    text += letter_line(fmt::format("{}: Linux {} ({})", kernel.name,
                                    kernel.fingerprint.kernel_release, kernel.kernel));
    if (!kernel.trouble.empty()) text += letter_text("its log: " + kernel.trouble, 2, 4);
  }
  text += letter_text(compare_summary(record), 0, 2);
  for (const Block &block : blocks_of(record)) text += rows_text(record, block);
  text += notes_text(record);
  for (const Block &block : blocks_of(record)) text += functions_text(record, block);
  text += cases_text(record);
  for (const std::string &warning : record.warnings)
    text += letter_text("warning: " + warning, 0, 2);
  return text + "\n" + command_text(repeatable_command(record.command_line, record.seed));
}

}  // namespace sklab
