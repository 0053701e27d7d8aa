// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "harness/record/cells.h"
#include "harness/record/gate/cells.h"
#include "harness/record/gate/renderers.h"
#include "harness/record/letter.h"

namespace sklab {
namespace {

constexpr size_t kNameColumns = 26;

// The sign says of a change whether it is for the better.
const char *remark_on(const GateRow &row) {
  switch (row.verdict) {
    case Verdict::kNoChange:
      return "~";
    case Verdict::kInconclusive:
      return "?";
    case Verdict::kFailed:
      return "failed";
    case Verdict::kSkipped:
      return "skipped";
    case Verdict::kRegression:
    case Verdict::kImprovement:
      break;
  }
  return "";
}

std::string figures_of(const GateRow &row) {
  if (!has_number(row)) return fmt::format("{:>9}", remark_on(row));
  const double half_width = 100 * (row.change.high - row.change.low) / 2;
  return fmt::format("{:>9} {:>9} {:>+7.1f} %{:<8} {}", amount_text(row, row.base.value),
                     amount_text(row, row.candidate.value), 100 * row.change.value,
                     is_count(row) ? "" : fmt::format(" +-{:.1f}", half_width), remark_on(row));
}

std::string letter_lines(const GateRow &row) {
  std::string name = quantity_name(row);
  std::string lines;
  if (name.size() > kNameColumns) lines = letter_line("  " + std::exchange(name, ""));
  return lines + letter_line(fmt::format("  {:<{}} {}", name, kNameColumns, figures_of(row)));
}

// Rows that took fewer processes have wider intervals.
std::string legend(const GateRecord &record) {
  double confidence = 1;
  for (const GateRow &row : record.rows) {
    if (has_number(row)) confidence = std::min(confidence, row.confidence);
  }
  return letter_line(fmt::format("  ~: no change; ?: undecided; +-: half of the {:.4g} % interval",
                                 100 * confidence));
}

// A gate of kernels has no time, only counts.
const char *unit_of_letter(const GateRecord &record) {
  return std::all_of(record.rows.begin(), record.rows.end(), is_count) ? "" : " in ns";
}

std::string side_line(const GateSide &side) {
  return letter_line(fmt::format("  {}: sklab {} on kernel {}", side.name,
                                 side.fingerprint.sklab_version, side.fingerprint.kernel_release));
}

}  // namespace

std::string gate_cover_letter(const GateRecord &record) {
  const Fingerprint &machine = record.candidate.fingerprint;
  std::string text = letter_line(
      fmt::format("Socket lookup{}, on {} ({} CPUs{}):", unit_of_letter(record), machine.cpu_model,
                  machine.cpus_online, machine.hypervisor.empty() ? "" : ", virtual machine"));
  text += "\n" + letter_line(fmt::format("  {:<{}} {:>9} {:>9} {:>9}", "", kNameColumns,
                                         record.base.name, record.candidate.name, "change"));
  for (const GateRow &row : record.rows) {
    if (is_telling(row)) text += letter_lines(row);
  }
  text += "\n" + side_line(record.base) + side_line(record.candidate);
  return text + legend(record) +
         ascii_line("  " + repeatable_command(record.command_line, record.seed));
}

}  // namespace sklab
