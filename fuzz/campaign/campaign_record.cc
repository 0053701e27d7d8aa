// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/campaign/campaign_record.h"

#include <algorithm>

namespace sklab {

TargetFigures &TargetFigures::operator+=(const TargetFigures &other) {
  seconds += other.seconds;
  executions += other.executions;
  checked += other.checked;
  kernel_ns += other.kernel_ns;
  known_findings += other.known_findings;
  return *this;
}

double per_second(uint64_t count, double seconds) {
  return seconds > 0 ? static_cast<double>(count) / seconds : 0;
}

TargetFigures total(const CampaignRecord &record) {
  TargetFigures sum;
  for (const TargetRecord &target : record.targets) sum += target.run;
  return sum;
}

uint64_t new_findings(const CampaignRecord &record) {
  return static_cast<uint64_t>(std::count_if(record.findings.begin(), record.findings.end(),
                                             [](const auto &finding) { return finding.is_new; }));
}

ExitCode exit_code(const CampaignRecord &record) {
  const auto any = [&](const auto &predicate) {
    return std::any_of(record.targets.begin(), record.targets.end(), predicate);
  };
  if (new_findings(record) > 0 || total(record).known_findings > 0) return ExitCode::kFinding;
  if (record.end == CampaignEnd::kFailure) return ExitCode::kHarnessFailure;
  if (any([](const TargetRecord &target) { return !target.failed.empty(); })) {
    return ExitCode::kHarnessFailure;
  }
  if (record.end == CampaignEnd::kInterrupted) return ExitCode::kInterrupted;
  const bool ran = any([](const TargetRecord &target) {
    return target.skipped.empty() && target.run.executions > 0;
  });
  return ran ? ExitCode::kOk : ExitCode::kSkip;
}

}  // namespace sklab
