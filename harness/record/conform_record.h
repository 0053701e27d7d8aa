// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "harness/record/case_record.h"
#include "harness/record/fingerprint.h"

namespace sklab {

// A whole conformance run.
struct ConformRecord {
  std::string run_id;
  std::string started_utc;
  std::string depth;  // quick, default or exhaustive
  uint64_t seed = 0;
  std::string command_line;
  double duration_s = 0;
  Fingerprint fingerprint;
  std::vector<CaseGroupRecord> groups;
};

struct CaseCounts {
  uint64_t outcomes = 0;
  uint64_t mismatches = 0;
  // In cases that are expected to fail; not among the above.
  uint64_t expected_mismatches = 0;
  std::array<size_t, 4> cases{};  // by CaseStatus

  [[nodiscard]] size_t of(CaseStatus status) const { return cases[static_cast<size_t>(status)]; }
};

CaseCounts count_cases(const CaseGroupRecord &group);
CaseCounts count_cases(const ConformRecord &record);

}  // namespace sklab
