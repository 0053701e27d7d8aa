// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <fmt/format.h>

#include <algorithm>

#include "harness/record/cells.h"
#include "harness/record/compare/compare_table.h"
#include "harness/record/markdown.h"

namespace sklab {
namespace {

std::string cell_text(const CompareRecord &record, const ComparedCell &cell, bool is_base) {
  if (cell.status != RowStatus::kOk) {
    return cell.status == RowStatus::kFailed ? "**failed**" : "skipped";
  }
  std::string text = per_lookup_text(record, cell.per_lookup);
  if (is_base) return text;
  if (cell.verdict == Verdict::kNoChange) return text + " =";
  if (!cell.delta) return cell.verdict == Verdict::kInconclusive ? text + " (?)" : text;
  const char *emphasis = cell.verdict == Verdict::kInconclusive ? "" : "**";
  return fmt::format("{} ({}{}{})", text, emphasis, per_lookup_text(record, *cell.delta, true),
                     emphasis);
}

std::string rows_table(const CompareRecord &record) {
  std::string text = fmt::format("\n| {} |", per_lookup_title(record));
  std::string rule = "|---|";
  for (const ComparedKernel &kernel : record.kernels) {
    text += fmt::format(" {} |", markdown_escaped(kernel.name));
    rule += "--:|";
  }
  text += "\n" + rule + "\n";
  for (const ComparedRow &row : record.rows) {
    text += fmt::format("| {} |", markdown_escaped(row.name));
    for (size_t i = 0; i < row.cells.size(); ++i) {
      text += fmt::format(" {} |", cell_text(record, row.cells[i], i == 0));
    }
    text += "\n";
  }
  return text;
}

std::string notes_list(const CompareRecord &record) {
  std::string text;
  for (const std::string &note : compare_notes(record)) {
    text += fmt::format("{}- {}\n", text.empty() ? "\n" : "", markdown_escaped(note));
  }
  return text;
}

std::string cases_table(const CompareRecord &record) {
  if (record.cases == 0) return "";
  std::string text = fmt::format("\n{} of {} conformance cases differ.\n",
                                 record.changed_cases.size(), record.cases);
  if (record.changed_cases.empty()) return text;
  text += "\n| case |";
  std::string rule = "|---|";
  for (const ComparedKernel &kernel : record.kernels) {
    text += fmt::format(" {} |", markdown_escaped(kernel.name));
    rule += "---|";
  }
  text += "\n" + rule + "\n";
  for (const ChangedCase &one : record.changed_cases) {
    text += fmt::format("| {} |", markdown_escaped(one.name));
    for (const std::string &result : one.results) text += fmt::format(" {} |", result);
    text += "\n";
  }
  return text;
}

}  // namespace

std::string compare_markdown(const CompareRecord &record) {
  std::string text = fmt::format("# sklab compare {}\n\n{}.\n\n", record.run_id,
                                 markdown_escaped(compare_summary(record)));
  for (const ComparedKernel &kernel : record.kernels) {
    text += fmt::format("- {}: Linux {}\n", markdown_escaped(kernel.name),
                        markdown_escaped(kernel.fingerprint.kernel_release));
    if (!kernel.trouble.empty()) {
      text += fmt::format("  - its log: {}\n", markdown_escaped(kernel.trouble));
    }
  }
  text += rows_table(record) + notes_list(record) + cases_table(record);
  for (const std::string &warning : record.warnings) {
    text += fmt::format("\nWarning: {}\n", markdown_escaped(warning));
  }
  return text +
         fmt::format("\n```sh\n{}\n```\n", repeatable_command(record.command_line, record.seed));
}

}  // namespace sklab
