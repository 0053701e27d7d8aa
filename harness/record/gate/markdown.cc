// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/record/markdown.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "harness/record/cells.h"
#include "harness/record/gate/cells.h"
#include "harness/record/gate/renderers.h"

namespace sklab {
namespace {

std::string escaped_line(const std::string &text) { return markdown_escaped(one_line(text)); }

bool needs_attention(const GateRow &row) {
  return row.verdict != Verdict::kNoChange && row.verdict != Verdict::kSkipped;
}

std::string markdown_row(const GateRow &row) {
  const auto amount = [&](const Estimate &side) {
    return has_number(row) ? amount_text(row, side.value) : "";
  };
  return fmt::format("| {} | {} | {} | {} | {} | {} |\n", verdict_text(row.verdict),
                     escaped_line(quantity_name(row)), amount(row.base), amount(row.candidate),
                     change_text(row), escaped_line(explanation_of(row)));
}

// The table of the rows that need attention, or of the others, the worst first; "" without any.
std::string markdown_table(const GateRecord &record, bool attention) {
  std::vector<GateRow> rows;
  for (const GateRow &row : record.rows) {
    if (needs_attention(row) == attention && is_telling(row)) rows.push_back(row);
  }
  if (rows.empty()) return "";
  std::stable_sort(rows.begin(), rows.end(), [](const GateRow &one, const GateRow &other) {
    return one.verdict < other.verdict;
  });
  std::string text =
      "| verdict | row | base | candidate | change | why |\n"
      "|---|---|--:|--:|---|---|\n";
  for (const GateRow &row : rows) text += markdown_row(row);
  return text;
}

}  // namespace

std::string gate_markdown(const GateRecord &record) {
  std::string text =
      fmt::format("## sklab gate: {}\n\n{}. Latencies in nanoseconds per lookup.\n\n",
                  verdict_text(record.verdict), escaped_line(gate_summary(record)));
  for (const GateSide *side : {&record.base, &record.candidate}) {
    text += fmt::format("- {}: {} ({}); {}\n", side->name, escaped_line(side->description),
                        escaped_line(side->fingerprint.sklab_version),
                        escaped_line(machine_text(side->fingerprint)));
  }
  for (const std::string &warning : record.warnings) {
    text += fmt::format("- warning: {}\n", escaped_line(warning));
  }
  const std::string attention = markdown_table(record, true);
  if (!attention.empty()) text += "\n" + attention;
  const std::string others = markdown_table(record, false);
  if (!others.empty()) {
    text += "\n<details><summary>Rows without a change</summary>\n\n" + others + "\n</details>\n";
  }
  return text + fmt::format("\nTo reproduce:\n\n```sh\n{}\n```\n",
                            one_line(repeatable_command(record.command_line, record.seed)));
}

}  // namespace sklab
