// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/record/instructions/instruction_table.h"

#include <fmt/format.h>

#include <cmath>

#include "harness/base/wrap.h"
#include "harness/record/cells.h"
#include "harness/record/markdown.h"
#include "harness/record/row_name.h"

namespace sklab {
namespace {

constexpr char kQuantity[] = "instructions/lookup";

std::string count_text(const InstructionRow &row) {
  if (row.status == RowStatus::kFailed) return "FAILED";
  if (row.status == RowStatus::kSkipped) return "skipped";
  return instructions_text(row.instructions_per_lookup);
}

std::string difference_text(const InstructionRow &row) {
  if (!row.difference) return "";
  return fmt::format("{} vs {}", instructions_text(row.difference->instructions_per_lookup, true),
                     name_beside(row.difference->reference, row.name));
}

// What is not exact, by how much; what is not the same for all packets.
std::string note_text(const InstructionRow &row) {
  if (!row.reason.empty()) return row.reason;
  if (row.residue == 0) {
    return row.packets_alike == row.packets
               ? ""
               : fmt::format("{} of {} packets take as many, the median", row.packets_alike,
                             row.packets);
  }
  return fmt::format("not exact: two counts of {} lookups differ by {}", row.lookups, row.residue);
}

std::string table_line(const InstructionRow &row) {
  constexpr size_t kNameColumns = 28;
  std::string line =
      fmt::format("  {:<{}} {:>20}  {}", clipped(within_section(row.name), kNameColumns),
                  kNameColumns, count_text(row), difference_text(row));
  line = clipped(line, kTextColumns);
  line.resize(line.find_last_not_of(' ') + 1);
  return line + "\n";
}

// Those that failed, and how many did not.
std::vector<std::string> calibration_lines(const InstructionRecord &record) {
  std::vector<std::string> lines;
  for (const InstructionCalibration &one : record.calibrations) {
    if (one.passed()) continue;
    lines.push_back(fmt::format("FAIL calibration of {}: {} instructions added are {} counted",
                                one.row, one.added, one.counted));
  }
  const size_t passed = record.calibrations.size() - lines.size();
  if (passed == 0) return lines;
  lines.push_back(
      fmt::format("PASS calibration of {} populations: {} instructions added are {} "
                  "counted",
                  passed, record.calibrations.front().added, record.calibrations.front().added));
  return lines;
}

std::string machine_line(const InstructionRecord &record) {
  return fmt::format("{}; {} run, seed {}, sklab {}", machine_text(record.fingerprint), record.mode,
                     record.seed, record.fingerprint.sklab_version);
}

constexpr char kWhatIsCounted[] =
    "instructions that one processor executes for a lookup, what the loop around it takes taken "
    "off; every count was made twice";

}  // namespace

std::string instructions_text(double instructions_per_lookup, bool sign) {
  const bool whole = instructions_per_lookup == std::round(instructions_per_lookup);
  return sign ? fmt::format("{:+.{}f}", instructions_per_lookup, whole ? 0 : 2)
              : fmt::format("{:.{}f}", instructions_per_lookup, whole ? 0 : 2);
}

std::string instruction_table(const InstructionRecord &record) {
  std::string text = wrap(machine_line(record), 0, 2) + wrap(kWhatIsCounted, 0, 2);
  std::string section;
  for (const InstructionRow &row : record.rows) {
    if (section_of(row.name) != section) {
      section = section_of(row.name);
      text += fmt::format("\n{:<30} {:>20}  difference\n", clipped(section, 30), kQuantity);
    }
    text += table_line(row);
    if (const std::string note = note_text(row); !note.empty()) text += wrap(note, 6, 8);
  }
  if (!record.calibrations.empty()) text += "\nself-checks\n";
  for (const std::string &line : calibration_lines(record)) text += wrap(line, 2, 4);
  if (!record.warnings.empty()) text += "\nwarnings\n";
  for (const std::string &warning : record.warnings) text += wrap(warning, 2, 4);
  return text;
}

std::string instruction_markdown(const InstructionRecord &record) {
  std::string text = fmt::format(
      "# sklab bench --clock instructions {}\n\n{}.\n\nCounted are {}.\n\n| row | {} | difference "
      "| |\n|---|--:|---|---|\n",
      record.run_id, markdown_escaped(machine_line(record)), kWhatIsCounted, kQuantity);
  for (const InstructionRow &row : record.rows) {
    const std::string note = note_text(row);
    text += fmt::format("| {} | {} | {} | {} |\n", markdown_escaped(row.name), count_text(row),
                        markdown_escaped(difference_text(row)),
                        markdown_escaped(note.empty() ? row.title : note));
  }
  text += "\n";
  for (const std::string &line : calibration_lines(record)) {
    text += fmt::format("- {}\n", markdown_escaped(line));
  }
  for (const std::string &warning : record.warnings) {
    text += fmt::format("- {}\n", markdown_escaped("warning: " + warning));
  }
  return text +
         fmt::format("\n```sh\n{}\n```\n", repeatable_command(record.command_line, record.seed));
}

}  // namespace sklab
