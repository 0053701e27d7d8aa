// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "bench/gate/comparison.h"

#include <cmath>

#include "harness/measure/estimate.h"

namespace sklab {
namespace {

// Median of the logarithms of `to` by `from`, round by round.
double log_ratio(const LockstepSeries &to, const LockstepSeries &from) {
  std::vector<double> ratios;
  for (size_t round = 0; round < to.latency_ns.size(); ++round) {
    ratios.push_back(std::log(to.latency_ns[round] / from.latency_ns[round]));
  }
  return distribution_of(std::move(ratios)).p50;
}

RowSample sample_of(const LockstepRow &row) {
  RowSample sample;
  sample.base = row.facts[0];
  sample.candidate = row.facts[2];
  sample.failure = row.failure;
  sample.too_noisy = row.too_noisy;
  sample.burn = row.burn;
  if (row.processes.empty()) return sample;
  const auto &processes = row.processes;
  const auto median = [&](size_t process) {
    return distribution_of(processes[process].latency_ns).p50;
  };
  sample.base_ns = {median(0), median(1)};
  sample.candidate_ns = {median(2), median(3)};
  sample.changes = {log_ratio(processes[2], processes[0]), log_ratio(processes[3], processes[1])};
  sample.self_changes = {log_ratio(processes[1], processes[0]),
                         log_ratio(processes[3], processes[2])};
  return sample;
}

}  // namespace

Result<GroupComparison> compare_group(const LockstepPlan &plan, const Side &base,
                                      const Side &candidate, KeySwitch &key,
                                      std::mt19937_64 &random,
                                      const std::function<void()> &progress) {
  SKLAB_TRY(const LockstepResult result,
            run_lockstep(plan, {&base, &base, &candidate, &candidate}, key, random, progress));
  GroupComparison comparison{{}, result.versions[0], result.versions[2]};
  for (const LockstepRow &row : result.rows) comparison.rows.push_back(sample_of(row));
  return comparison;
}

}  // namespace sklab
