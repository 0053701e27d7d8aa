// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// What the page shows of a campaign's summary.json: fields of that file, by its names.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "harness/record/result_fields.h"

namespace sklab {

struct CampaignFiguresView {
  double seconds = 0;
  uint64_t executions = 0;
  double executions_per_s = 0;
  uint64_t checked = 0;
  double checked_per_s = 0;
  uint64_t kernel_ns = 0;
  uint64_t known_findings = 0;
};

struct CampaignTargetView {
  std::string name;
  std::string skipped;
  std::string failed;
  uint64_t corpus_inputs = 0;
  uint64_t coverage = 0;
  uint64_t features = 0;
  CampaignFiguresView run;
  CampaignFiguresView all_runs;
};

struct CampaignFindingView {
  std::string folder;
  std::string target;
  std::string signature;
  bool is_new = false;
};

struct CampaignView {
  std::string started_utc;
  std::string sklab_version;
  std::string kernel_release;
  std::string folder;
  std::string rules;
  uint64_t run = 0;
  bool continues_killed_run = false;
  uint64_t seed = 0;
  uint64_t jobs = 0;
  double duration_s = 0;
  std::string end;
  std::string failure;
  CampaignFiguresView total;
  std::vector<CampaignTargetView> targets;
  std::vector<CampaignFindingView> findings;
  uint64_t corrupt_inputs = 0;
  uint64_t other_version_inputs = 0;
  std::vector<std::string> notes;
};

template <RecordOf<CampaignFiguresView> Record, typename Visitor>
void visit_fields(Record &record, Visitor &&visit) {
  visit("seconds", record.seconds);
  visit("executions", record.executions);
  visit("executions_per_s", record.executions_per_s);
  visit("checked", record.checked);
  visit("checked_per_s", record.checked_per_s);
  visit("kernel_ns", record.kernel_ns);
  visit("known_findings", record.known_findings);
}

template <RecordOf<CampaignTargetView> Record, typename Visitor>
void visit_fields(Record &record, Visitor &&visit) {
  visit("name", record.name);
  visit("skipped", record.skipped);
  visit("failed", record.failed);
  visit("corpus_inputs", record.corpus_inputs);
  visit("coverage", record.coverage);
  visit("features", record.features);
  visit("run", record.run);
  visit("all_runs", record.all_runs);
}

template <RecordOf<CampaignFindingView> Record, typename Visitor>
void visit_fields(Record &record, Visitor &&visit) {
  visit("folder", record.folder);
  visit("target", record.target);
  visit("signature", record.signature);
  visit("new", record.is_new);
}

template <RecordOf<CampaignView> Record, typename Visitor>
void visit_fields(Record &record, Visitor &&visit) {
  visit("started_utc", record.started_utc);
  visit("sklab_version", record.sklab_version);
  visit("kernel_release", record.kernel_release);
  visit("folder", record.folder);
  visit("rules", record.rules);
  visit("run", record.run);
  visit("continues_killed_run", record.continues_killed_run);
  visit("seed", record.seed);
  visit("jobs", record.jobs);
  visit("duration_s", record.duration_s);
  visit("end", record.end);
  visit("failure", record.failure);
  visit("total", record.total);
  visit("targets", record.targets);
  visit("findings", record.findings);
  visit("corrupt_inputs", record.corrupt_inputs);
  visit("other_version_inputs", record.other_version_inputs);
  visit("notes", record.notes);
}

}  // namespace sklab
