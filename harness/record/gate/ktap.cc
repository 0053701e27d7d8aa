// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <fmt/format.h>

#include "harness/record/gate/cells.h"
#include "harness/record/gate/renderers.h"
#include "harness/record/ktap.h"

namespace sklab {

std::string gate_ktap(const GateRecord &record) {
  std::string text = ktap_head(record.rows.size());
  for (size_t i = 0; i < record.rows.size(); ++i) {
    const GateRow &row = record.rows[i];
    const std::string verdict = verdict_text(row.verdict) + ": ";
    text += fmt::format("# {}{}\n", verdict, evidence_of(row));
    text +=
        fmt::format("{} {} {}", is_bad(row.verdict) ? "not ok" : "ok", i + 1, quantity_name(row));
    if (is_open(row.verdict)) {
      text += fmt::format(" # SKIP {}{}", row.verdict == Verdict::kSkipped ? "" : verdict,
                          one_line(row.reason));
    }
    text += "\n";
  }
  return text;
}

}  // namespace sklab
