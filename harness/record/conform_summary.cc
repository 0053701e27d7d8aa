// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/record/conform_summary.h"

#include <fmt/format.h>

#include "harness/base/wrap.h"

namespace sklab {
namespace {

std::string plural(size_t count, const char *noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

std::string group_line(const CaseGroupRecord &group) {
  const CaseCounts counts = count_cases(group);
  std::string remarks;
  const auto remark = [&](CaseStatus status, const char *what) {
    if (counts.of(status) > 0) remarks += fmt::format("  {} {}", counts.of(status), what);
  };
  remark(CaseStatus::kFail, "FAILED");
  remark(CaseStatus::kExpectedFail, "expected to fail");
  remark(CaseStatus::kSkip, "skipped");
  return fmt::format("{:<18} {:>6} {:>12} {:>8.2f}{}\n", group.name, group.cases.size(),
                     counts.outcomes, group.duration_s, remarks);
}

std::string unusual_cases(const CaseGroupRecord &group) {
  std::string text;
  for (size_t i = 0; i < group.cases.size(); ++i) {
    const CaseRecord &record = group.cases[i];
    if (record.status == CaseStatus::kPass) continue;
    text += fmt::format("{}: {}/{}\n", status_name(record.status), group.name, record.name);
    // A reason that the next case shares is given once.
    if (i + 1 < group.cases.size() && group.cases[i + 1].status == record.status &&
        group.cases[i + 1].reason == record.reason) {
      continue;
    }
    // Scenarios have to stay as they are, to be copied.
    if (record.status == CaseStatus::kFail) {
      text += record.reason + "\n";
    } else {
      text += wrap(record.reason, 2, 2);
    }
  }
  return text;
}

}  // namespace

std::string conform_summary(const ConformRecord &record) {
  std::string text = fmt::format("kernel {}; seed {}\n\n{:<18} {:>6} {:>12} {:>8}\n",
                                 record.fingerprint.kernel_release, record.seed, "group", "cases",
                                 "outcomes", "s");
  for (const CaseGroupRecord &group : record.groups) text += group_line(group);
  text += "\n";
  for (const CaseGroupRecord &group : record.groups) text += unusual_cases(group);
  const CaseCounts counts = count_cases(record);
  return text +
         fmt::format(
             "{} checked in {:.1f} s: {}, {} of {} failed, {} skipped, {} expected to "
             "fail\n",
             plural(counts.outcomes, "outcome"), record.duration_s,
             counts.mismatches == 1 ? std::string("1 mismatch")
                                    : fmt::format("{} mismatches", counts.mismatches),
             counts.of(CaseStatus::kFail),
             plural(counts.cases[0] + counts.cases[1] + counts.cases[2] + counts.cases[3], "case"),
             counts.of(CaseStatus::kSkip), counts.of(CaseStatus::kExpectedFail));
}

}  // namespace sklab
