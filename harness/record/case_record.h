// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sklab {

enum class CaseStatus : uint8_t {
  kPass,
  kFail,          // the kernel did something else than the rules say, or the case could not be run
  kExpectedFail,  // a known difference of this kernel, with the change that made it
  kSkip,          // this kernel or machine cannot do what the case needs
};

constexpr std::string_view status_name(CaseStatus status) {
  switch (status) {
    case CaseStatus::kPass:
      return "pass";
    case CaseStatus::kFail:
      return "fail";
    case CaseStatus::kExpectedFail:
      return "xfail";
    case CaseStatus::kSkip:
      break;
  }
  return "skip";
}

// What came of one named case.
struct CaseRecord {
  std::string name;  // unique in its group: words, digits, '_', '-', ' ', '>' and ','
  CaseStatus status = CaseStatus::kPass;
  std::string reason;     // why it did not simply pass; several lines are possible
  uint64_t outcomes = 0;  // checked in this case
  uint64_t mismatches = 0;
  // Scenarios of the first mismatches, as text.
  std::vector<std::string> scenarios;
  // What the verifier said to the programs that it had to refuse: each message once.
  std::vector<std::string> verifier_messages = {};
  // What was seen, for people, whatever came of the case.
  std::vector<std::string> notes = {};

  bool operator==(const CaseRecord &) const = default;
};

// Cases of one subject.
struct CaseGroupRecord {
  std::string name;
  std::string title;
  double duration_s = 0;
  std::vector<CaseRecord> cases;

  bool operator==(const CaseGroupRecord &) const = default;
};

}  // namespace sklab
