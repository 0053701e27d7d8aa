// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "harness/base/exit_code.h"

namespace sklab {

// What a target did.
struct TargetFigures {
  double seconds = 0;  // of its processes, in all
  uint64_t executions = 0;
  uint64_t checked = 0;  // scenarios, programs, sequences or packets: an input can be several
  uint64_t kernel_ns = 0;
  uint64_t known_findings = 0;  // met again

  TargetFigures &operator+=(const TargetFigures &other);
  bool operator==(const TargetFigures &) const = default;
};

struct TargetRecord {
  std::string name;
  unsigned input_version = 0;
  TargetFigures run;  // this one
  TargetFigures all;  // with those before, in the same folder
  uint64_t corpus_inputs = 0;
  uint64_t coverage = 0;
  uint64_t features = 0;
  std::string skipped;  // why it cannot run here; "" if it can
  std::string failed;   // why it was given up; "" if it was not
};

struct FindingRecord {
  std::string name;  // of its folder
  std::string target;
  std::string signature;
  bool is_new = false;  // of this run

  bool operator==(const FindingRecord &) const = default;
};

enum class CampaignEnd { kTime, kInterrupted, kFirstFinding, kNoTarget, kFailure };

struct CampaignRecord {
  std::string started_utc;
  std::string sklab_version;
  std::string kernel_release;
  std::string folder;
  std::string rules;  // "kernel", or the name of the mutant
  unsigned run = 0;   // 1 is the first in its folder
  bool continues_killed_run = false;
  uint64_t seed = 0;
  unsigned jobs = 0;
  double duration_s = 0;
  CampaignEnd end = CampaignEnd::kTime;
  std::string failure;  // what ended it with kFailure
  std::vector<TargetRecord> targets;
  std::vector<FindingRecord> findings;  // all in the folder
  uint64_t corrupt_inputs = 0;          // moved out of the corpora
  uint64_t other_version_inputs = 0;    // of other versions of a target, or of none of them
  std::vector<std::string> notes;       // what else is worth knowing
};

// 0 where no time has passed.
double per_second(uint64_t count, double seconds);

// Sums of this run.
TargetFigures total(const CampaignRecord &record);
uint64_t new_findings(const CampaignRecord &record);

// A finding counts for more than what else happened; then a failure, an interruption, and that no
// target could run.
ExitCode exit_code(const CampaignRecord &record);

}  // namespace sklab
