// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/record/text_table.h"

#include <fmt/format.h>

#include "harness/base/wrap.h"
#include "harness/record/cells.h"

namespace sklab {
namespace {

constexpr size_t kNameColumns = 28;

std::string table_line(const std::string &name, const char *indent, const std::string &latency,
                       const std::string &half_width, const std::string &p1, const std::string &p99,
                       const std::string &difference) {
  const size_t name_columns = kNameColumns + 2 - std::string(indent).size();
  std::string line =
      fmt::format("{}{:<{}} {:>9} {:>7} {:>7} {:>7}  {}", indent, clipped(name, name_columns),
                  name_columns, latency, half_width, p1, p99, difference);
  line = clipped(line, kTextColumns);
  line.resize(line.find_last_not_of(' ') + 1);
  return line + "\n";
}

std::string row_lines(const RowRecord &row) {
  const Cells cells = cells_of(row);
  std::string lines = table_line(cells.name, "  ", cells.latency, cells.half_width, cells.p1,
                                 cells.p99, cells.difference);
  if (!row.reason.empty()) lines += wrap(row.reason, 6, 8);
  if (!row.counters.empty()) lines += wrap(counters_text(row), 6, 8);
  return lines;
}

std::string section_lines(const Section &section) {
  std::string lines = "\n";
  if (section.program_alone) lines += wrap(kProgramAloneNote, 0, 2);
  lines += table_line(section.title, "", kColumnTitles[0], kColumnTitles[1], kColumnTitles[2],
                      kColumnTitles[3], kColumnTitles[4]);
  for (const RowRecord *row : section.rows) lines += row_lines(*row);
  return lines;
}

}  // namespace

std::string text_table(const RunRecord &record) {
  std::string text = wrap(machine_text(record.fingerprint), 0, 2);
  text += wrap(run_text(record), 0, 2);
  text += wrap("ns/lookup: median of the batches; +-: half its 95 % interval; p1, p99: of batches",
               0, 2);
  text += wrap(overhead_text(record), 0, 2);
  for (const Section &section : sections_of(record)) text += section_lines(section);
  if (!record.self_checks.empty()) text += "\nself-checks\n";
  for (const SelfCheck &check : record.self_checks) text += wrap(self_check_text(check), 2, 4);
  if (!record.warnings.empty()) text += "\nwarnings\n";
  for (const std::string &warning : record.warnings) text += wrap(warning, 2, 4);
  return text;
}

}  // namespace sklab
