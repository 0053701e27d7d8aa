// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "bench/gate/row_tally.h"

#include "harness/measure/estimate.h"

namespace sklab {
namespace {

void append_to(std::vector<double> &to, const std::vector<double> &from) {
  to.insert(to.end(), from.begin(), from.end());
}

Result<> check_same_row(const BaselineRow &base, const LaneFacts &candidate) {
  if (base.path == candidate.path && base.definition == candidate.definition) return Ok{};
  return fail_as(ErrorKind::kUsage, "compare", candidate.name, 0,
                 "what this row measures is not what it was when the baseline was recorded");
}

}  // namespace

RowTally RowTally::against(const BaselineRow &baseline) {
  RowTally tally;
  tally.name = baseline.name;
  tally.title = baseline.title;
  tally.path = baseline.path;
  tally.base_ns = baseline.first.latency_ns;
  append_to(tally.base_ns, baseline.second.latency_ns);
  for (const auto &[name, count] : baseline.counts) tally.counts[name][0].insert(count);
  tally.baseline = baseline;
  return tally;
}

void RowTally::add(const RowSample &sample) {
  path = sample.base.path;
  for (const auto &[name, count] : sample.base.counts) counts[name][0].insert(count);
  for (const auto &[name, count] : sample.candidate.counts) counts[name][1].insert(count);
  if (failure.empty()) failure = sample.failure;
  if (!sample.too_noisy.empty()) too_noisy = sample.too_noisy;
  append_to(base_ns, sample.base_ns);
  append_to(candidate_ns, sample.candidate_ns);
  append_to(changes, sample.changes);
  append_to(self_changes, sample.self_changes);
}

Result<> RowTally::add(const LockstepRow &measured) {
  const LaneFacts &facts = measured.facts.front();
  SKLAB_CHECK(check_same_row(*baseline, facts));
  for (const auto &[name, count] : facts.counts) counts[name][1].insert(count);
  if (failure.empty()) failure = measured.failure;
  if (!measured.too_noisy.empty()) too_noisy = measured.too_noisy;
  if (measured.processes.empty()) return Ok{};
  const LockstepSeries &series = measured.processes.front();
  candidate_ns.push_back(distribution_of(series.latency_ns).p50);
  if (series.empty_loop_ns) candidate_empty_loop_ns.push_back(*series.empty_loop_ns);
  return Ok{};
}

}  // namespace sklab
