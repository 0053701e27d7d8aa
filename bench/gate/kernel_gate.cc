// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "bench/gate/kernel_gate.h"

#include <fmt/format.h>

#include "bench/gate/verdict.h"

namespace sklab {
namespace {

constexpr char kInstructions[] = "instructions";
constexpr char kAnswers[] = "answers";

GateRow row_of(const ComparedRow &compared, const Thresholds &thresholds) {
  GateRow row;
  row.name = compared.name;
  row.title = compared.title;
  row.path = compared.path;
  row.quantity = kInstructions;
  for (const ComparedCell &cell : compared.cells) {
    if (cell.status == RowStatus::kOk) continue;
    row.verdict = cell.status == RowStatus::kFailed ? Verdict::kFailed : Verdict::kSkipped;
    row.reason = cell.reason;
    return row;
  }
  const ComparedCell &base = compared.cells.front();
  const ComparedCell &candidate = compared.cells.back();
  row.samples = 1;
  if (candidate.verdict == Verdict::kInconclusive) {
    row.reason = candidate.reason.empty() ? "its counts are not exact" : candidate.reason;
    return row;
  }
  judge_count(row, base.per_lookup, candidate.per_lookup, thresholds.of(compared.name).size_growth);
  return row;
}

// A case that fails on the candidate, and did not on the base.
GateRow row_of(const ChangedCase &changed) {
  GateRow row;
  row.name = changed.name;
  row.quantity = kAnswers;
  row.verdict = Verdict::kFailed;
  row.reason = fmt::format("{} on the base, fails on the candidate: {}", changed.results.front(),
                           changed.reasons.back());
  return row;
}

GateSide side_of(const char *name, const ComparedKernel &kernel) {
  return {name, fmt::format("kernel {}", kernel.kernel), kernel.fingerprint};
}

// A kernel that fell, or found a fault in itself.
GateRow row_of(const ComparedKernel &kernel) {
  GateRow row;
  row.name = kernel.name;
  row.quantity = "kernel";
  row.verdict = Verdict::kFailed;
  row.reason = kernel.trouble;
  return row;
}

}  // namespace

GateRecord gate_of(const CompareRecord &comparison, const Thresholds &thresholds) {
  const ComparedKernel &base = comparison.kernels.front();
  const ComparedKernel &candidate = comparison.kernels.back();
  GateRecord record;
  record.run_id = comparison.run_id;
  record.started_utc = comparison.started_utc;
  record.duration_s = comparison.duration_s;
  record.kind = "kernels";
  record.mode = comparison.mode;
  record.command_line = comparison.command_line;
  record.seed = comparison.seed;
  record.base = side_of("base", base);
  record.candidate = side_of("candidate", candidate);
  record.warnings = comparison.warnings;
  if (!candidate.trouble.empty()) record.rows.push_back(row_of(candidate));
  for (const ComparedRow &row : comparison.rows) record.rows.push_back(row_of(row, thresholds));
  for (const ChangedCase &changed : comparison.changed_cases) {
    if (changed.results.back() == "fail") record.rows.push_back(row_of(changed));
  }
  record.verdict = overall_verdict(record.rows);
  return record;
}

}  // namespace sklab
