// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/record/gate_table.h"

#include <fmt/format.h>

namespace sklab {

std::string gate_table(const GateRecord &record) {
  std::string text;
  for (const GateRow &row : record.rows) {
    text += fmt::format(
        "{:<32} {:<20} {:>9.2f} {:>9.2f} {:+.2f} % [{:+.2f}, {:+.2f}] n={} p={:.2g} {} {}\n",
        row.name, row.quantity, row.base.value, row.candidate.value, row.change.value * 100,
        row.change.low * 100, row.change.high * 100, row.samples, row.p_adjusted,
        kVerdictNames[static_cast<size_t>(row.verdict)], row.reason);
  }
  text += fmt::format("{} after {:.1f} s\n", kVerdictNames[static_cast<size_t>(record.verdict)],
                      record.duration_s);
  return text;
}

}  // namespace sklab
