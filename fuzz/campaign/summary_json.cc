// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <array>
#include <nlohmann/json.hpp>

#include "fuzz/campaign/summary.h"

namespace sklab {
namespace {

constexpr std::array<const char *, 5> kEndNames = {"time", "interrupted", "first_finding",
                                                   "no_target", "failure"};

nlohmann::ordered_json figures_to_json(const TargetFigures &figures) {
  return {{"seconds", figures.seconds},
          {"executions", figures.executions},
          {"executions_per_s", per_second(figures.executions, figures.seconds)},
          {"checked", figures.checked},
          {"checked_per_s", per_second(figures.checked, figures.seconds)},
          {"kernel_ns", figures.kernel_ns},
          {"known_findings", figures.known_findings}};
}

nlohmann::ordered_json target_to_json(const TargetRecord &target) {
  return {{"name", target.name},
          {"input_version", target.input_version},
          {"skipped", target.skipped},
          {"failed", target.failed},
          {"corpus_inputs", target.corpus_inputs},
          {"coverage", target.coverage},
          {"features", target.features},
          {"run", figures_to_json(target.run)},
          {"all_runs", figures_to_json(target.all)}};
}

}  // namespace

std::string summary_json(const CampaignRecord &record) {
  nlohmann::ordered_json targets = nlohmann::ordered_json::array();
  for (const TargetRecord &target : record.targets) targets.push_back(target_to_json(target));
  nlohmann::ordered_json findings = nlohmann::ordered_json::array();
  for (const FindingRecord &finding : record.findings) {
    findings.push_back({{"folder", "findings/" + finding.name},
                        {"target", finding.target},
                        {"signature", finding.signature},
                        {"new", finding.is_new}});
  }
  const nlohmann::ordered_json json = {{"schema_version", 1},
                                       {"started_utc", record.started_utc},
                                       {"sklab_version", record.sklab_version},
                                       {"kernel_release", record.kernel_release},
                                       {"folder", record.folder},
                                       {"rules", record.rules},
                                       {"run", record.run},
                                       {"continues_killed_run", record.continues_killed_run},
                                       {"seed", record.seed},
                                       {"jobs", record.jobs},
                                       {"duration_s", record.duration_s},
                                       {"end", kEndNames[static_cast<size_t>(record.end)]},
                                       {"failure", record.failure},
                                       {"exit_code", static_cast<int>(exit_code(record))},
                                       {"total", figures_to_json(total(record))},
                                       {"targets", targets},
                                       {"findings", findings},
                                       {"corrupt_inputs", record.corrupt_inputs},
                                       {"other_version_inputs", record.other_version_inputs},
                                       {"notes", record.notes}};
  return json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace sklab
