// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/record/compare/time_comparison.h"

#include <algorithm>
#include <cmath>

#include "harness/measure/multiple_comparisons.h"
#include "harness/measure/rank_test.h"
#include "harness/measure/shift.h"

namespace sklab {
namespace {

constexpr double kAlpha = 0.05;
constexpr double kLeastChange = 0.01;

// A row in all boots of a kernel.
struct Sampled {
  RowStatus status = RowStatus::kSkipped;
  std::string reason = "this kernel's run does not have it";
  std::string definition;
  std::vector<double> latencies_ns;
};

// One boot in which it failed is enough.
Sampled sample(const std::vector<RunRecord> &boots, const std::string &name) {
  Sampled sampled;
  for (const RunRecord &boot : boots) {
    const auto row = std::find_if(boot.rows.begin(), boot.rows.end(),
                                  [&](const RowRecord &one) { return one.name == name; });
    if (row == boot.rows.end()) return {};
    sampled.status = row->status;
    sampled.reason = row->reason;
    sampled.definition = row->definition;
    if (row->status != RowStatus::kOk) return sampled;
    sampled.latencies_ns.push_back(row->latency_ns.value);
  }
  return sampled;
}

ComparedCell cell_of(const Sampled &row) {
  ComparedCell cell;
  cell.status = row.status;
  cell.reason = row.reason;
  if (row.status == RowStatus::kFailed) cell.verdict = Verdict::kFailed;
  if (row.status == RowStatus::kOk) cell.per_lookup = median_estimate(row.latencies_ns).value;
  return cell;
}

// A cell that is compared with the base's, with what the verdict will be made of.
struct Test {
  ComparedCell *cell = nullptr;
  double base_ns = 0;
  double p_value = 1;
};

void compare(const Sampled &base, const Sampled &row, ComparedCell &cell,
             std::vector<Test> &tests) {
  if (base.status != RowStatus::kOk || row.status != RowStatus::kOk) return;
  if (row.definition != base.definition) {
    cell.verdict = Verdict::kInconclusive;
    cell.reason = "it is not the same row as the base's";
    return;
  }
  const Estimate shift = two_sample_shift(row.latencies_ns, base.latencies_ns, 1 - kAlpha);
  cell.delta = shift.value;
  cell.delta_low = shift.low;
  cell.delta_high = shift.high;
  tests.push_back({&cell, median_estimate(base.latencies_ns).value,
                   rank_sum_test(row.latencies_ns, base.latencies_ns).p_two_sided});
}

void decide(std::vector<Test> &tests) {
  std::vector<double> p_values;
  p_values.reserve(tests.size());
  for (const Test &test : tests) p_values.push_back(test.p_value);
  const std::vector<double> adjusted = holm_adjusted(p_values);
  for (size_t i = 0; i < tests.size(); ++i) {
    ComparedCell &cell = *tests[i].cell;
    const double least = kLeastChange * tests[i].base_ns;
    const bool changed = adjusted[i] <= kAlpha && std::abs(*cell.delta) >= least;
    const bool same = *cell.delta_low >= -least && *cell.delta_high <= least;
    cell.verdict = changed ? (*cell.delta > 0 ? Verdict::kRegression : Verdict::kImprovement)
                   : same  ? Verdict::kNoChange
                           : Verdict::kInconclusive;
  }
}

}  // namespace

std::vector<ComparedRow> compare_times(const std::vector<std::vector<RunRecord>> &kernels) {
  std::vector<ComparedRow> rows;
  for (const RowRecord &base : kernels.front().front().rows) {
    rows.push_back({base.name, base.title, base.path, {}, {}});
    rows.back().cells.resize(kernels.size());
  }
  std::vector<Test> tests;  // point into the rows, which stay where they are from here on
  for (ComparedRow &row : rows) {
    const Sampled base = sample(kernels.front(), row.name);
    for (size_t i = 0; i < kernels.size(); ++i) {
      const Sampled sampled = sample(kernels[i], row.name);
      row.cells[i] = cell_of(sampled);
      if (i > 0) compare(base, sampled, row.cells[i], tests);
    }
    // The base is what others are compared with.
    if (base.status == RowStatus::kOk) {
      row.cells.front().verdict = Verdict::kNoChange;
      row.cells.front().delta = 0;
    }
  }
  decide(tests);
  return rows;
}

}  // namespace sklab
