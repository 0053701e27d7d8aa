// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <fmt/format.h>

#include <algorithm>

#include "harness/base/wrap.h"
#include "harness/record/gate/cells.h"
#include "harness/record/gate/renderers.h"

namespace sklab {
namespace {

std::string table_lines(const GateRow &row) {
  std::string line = has_number(row)
                         ? fmt::format("{:<13} {:<34} {:>9} {:>9}  {}", verdict_text(row.verdict),
                                       quantity_name(row), amount_text(row, row.base.value),
                                       amount_text(row, row.candidate.value), change_text(row))
                         : fmt::format("{:<13} {}", verdict_text(row.verdict), quantity_name(row));
  if (line.size() > kTextColumns) line.resize(kTextColumns);
  return line + "\n" + (row.verdict == Verdict::kNoChange ? "" : wrap(explanation_of(row), 14, 16));
}

}  // namespace

std::string gate_table(const GateRecord &record) {
  std::string text = wrap(gate_summary(record), 0, 2);
  for (const GateSide *side : {&record.base, &record.candidate}) {
    text += wrap(
        fmt::format("{}: {} ({})", side->name, side->description, side->fingerprint.sklab_version),
        0, 2);
  }
  text += fmt::format("\n{:<13} {:<34} {:>9} {:>9}  {}\n", "verdict", "ns/lookup", "base",
                      "candidate", "change, with its interval");
  for (const GateRow &row : record.rows) {
    if (is_telling(row)) text += table_lines(row);
  }
  const auto hidden = std::count_if(record.rows.begin(), record.rows.end(),
                                    [](const GateRow &row) { return !is_telling(row); });
  if (hidden != 0) text += fmt::format("counts without a change, not shown: {}\n", hidden);
  if (!record.warnings.empty()) text += "\nwarnings\n";
  for (const std::string &warning : record.warnings) text += wrap(warning, 2, 4);
  return text;
}

}  // namespace sklab
