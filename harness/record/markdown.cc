// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/record/markdown.h"

#include <fmt/format.h>

#include "harness/record/cells.h"
#include "harness/record/result_fields.h"

namespace sklab {
namespace {

std::string row_line(const RowRecord &row) {
  const Cells cells = cells_of(row);
  std::string note = row.reason.empty() ? row.title : row.reason;
  if (!row.counters.empty()) note += "; " + counters_text(row);
  return fmt::format("| {} | {} | {} | {} | {} | {} | {} |\n", markdown_escaped(cells.name),
                     cells.latency, cells.half_width, cells.p1, cells.p99,
                     markdown_escaped(cells.difference), markdown_escaped(note));
}

std::string section_text(const Section &section) {
  std::string text = fmt::format("\n## {}\n\n", markdown_escaped(section.title));
  if (section.program_alone) text += fmt::format("{}.\n\n", markdown_escaped(kProgramAloneNote));
  text += fmt::format("| row | {} | {} | {} | {} | {} | |\n|---|--:|--:|--:|--:|---|---|\n",
                      kColumnTitles[0], kColumnTitles[1], kColumnTitles[2], kColumnTitles[3],
                      kColumnTitles[4]);
  for (const RowRecord *row : section.rows) text += row_line(*row);
  return text;
}

std::string list_text(const char *title, const std::vector<std::string> &items) {
  if (items.empty()) return "";
  std::string text = fmt::format("\n## {}\n\n", title);
  for (const std::string &item : items) text += fmt::format("- {}\n", markdown_escaped(item));
  return text;
}

std::string value_text(const std::string &value) { return value; }
std::string value_text(uint64_t value) { return std::to_string(value); }
std::string value_text(const std::map<std::string, std::string> &values) {
  std::string text;
  for (const auto &[name, value] : values) {
    text += fmt::format("{}{}: {}", text.empty() ? "" : "; ", name, value);
  }
  return text;
}

std::string fingerprint_text(const Fingerprint &fingerprint) {
  std::string text =
      "\n<details><summary>Fingerprint of the machine</summary>\n\n| | |\n|---|---|\n";
  visit_fields(fingerprint, [&](const char *name, const auto &value) {
    text +=
        fmt::format("| {} | {} |\n", markdown_escaped(name), markdown_escaped(value_text(value)));
  });
  return text + "\n</details>\n";
}

}  // namespace

std::string markdown_escaped(const std::string &text) {
  std::string result;
  for (const char c : text) {
    if (c == '\n') {
      result += ' ';
      continue;
    }
    if (c == '|' || c == '\\' || c == '`' || c == '*' || c == '_' || c == '<') result += '\\';
    result += c;
  }
  return result;
}

std::string markdown_report(const RunRecord &record) {
  std::string text =
      fmt::format("# sklab bench {}\n\n{}; {}; {}.\n", record.run_id,
                  markdown_escaped(machine_text(record.fingerprint)),
                  markdown_escaped(run_text(record)), markdown_escaped(overhead_text(record)));
  for (const Section &section : sections_of(record)) text += section_text(section);
  std::vector<std::string> checks;
  for (const SelfCheck &check : record.self_checks) checks.push_back(self_check_text(check));
  text += list_text("Self-checks", checks);
  text += list_text("Warnings", record.warnings);
  text += fmt::format("\n## To reproduce\n\n```sh\n{}\n```\n",
                      repeatable_command(record.command_line, record.seed));
  return text + fingerprint_text(record.fingerprint);
}

}  // namespace sklab
