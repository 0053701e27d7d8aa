// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/record/conform_record.h"

namespace sklab {

CaseCounts count_cases(const CaseGroupRecord &group) {
  CaseCounts counts;
  for (const CaseRecord &record : group.cases) {
    counts.outcomes += record.outcomes;
    const bool expected = record.status == CaseStatus::kExpectedFail;
    (expected ? counts.expected_mismatches : counts.mismatches) += record.mismatches;
    ++counts.cases[static_cast<size_t>(record.status)];
  }
  return counts;
}

CaseCounts count_cases(const ConformRecord &record) {
  CaseCounts counts;
  for (const CaseGroupRecord &group : record.groups) {
    const CaseCounts more = count_cases(group);
    counts.outcomes += more.outcomes;
    counts.mismatches += more.mismatches;
    counts.expected_mismatches += more.expected_mismatches;
    for (size_t i = 0; i < counts.cases.size(); ++i) counts.cases[i] += more.cases[i];
  }
  return counts;
}

}  // namespace sklab
