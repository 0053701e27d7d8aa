// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/conform/case_log.h"

#include <algorithm>

namespace sklab {
namespace {

constexpr uint64_t kDescribedMismatches = 3;
// A verifier may print its whole state; what is wrong is one line, or a few.
constexpr size_t kLongestMessage = 400;

void append_line(std::string &text, const std::string &line) {
  if (!text.empty()) text += "\n";
  text += line;
}

}  // namespace

void Case::add_mismatch(const Mismatch &mismatch) {
  ++record_.mismatches;
  if (record_.mismatches > kDescribedMismatches) return;
  append_line(record_.reason, mismatch.description);
  if (!mismatch.scenario.empty()) record_.scenarios.push_back(mismatch.scenario);
}

void Case::keep_verifier_message(const std::string &message) {
  const std::string start = message.substr(0, kLongestMessage);
  auto &messages = record_.verifier_messages;
  if (!start.empty() && std::find(messages.begin(), messages.end(), start) == messages.end()) {
    messages.push_back(start);
  }
}

void Case::could_not_run(const Error &error) {
  if (error.kind == ErrorKind::kUnavailable) return skip(error.message());
  record_.status = CaseStatus::kFail;
  append_line(record_.reason, "cannot " + error.message());
}

void Case::skip(const std::string &reason) {
  record_.status = CaseStatus::kSkip;
  append_line(record_.reason, reason);
}

CaseRecord Case::finish() && {
  if (record_.mismatches > 0) record_.status = CaseStatus::kFail;
  if (record_.status == CaseStatus::kPass && record_.outcomes == 0) {
    record_.status = CaseStatus::kFail;
    append_line(record_.reason, "nothing was checked");
  }
  return std::move(record_);
}

}  // namespace sklab
