// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/record/ktap.h"

#include <fmt/format.h>

#include <algorithm>
#include <sstream>

namespace sklab {
namespace {

constexpr char kIndent[] = "    ";

std::string first_line(const std::string &text) { return text.substr(0, text.find('\n')); }

// What follows the name; '#' starts it.
std::string directive(const CaseRecord &record) {
  switch (record.status) {
    case CaseStatus::kSkip:
      return " # SKIP " + first_line(record.reason);
    case CaseStatus::kExpectedFail:
      return " # XFAIL " + first_line(record.reason);
    case CaseStatus::kPass:
    case CaseStatus::kFail:
      break;
  }
  return "";
}

std::string result_line(bool ok, size_t number, const std::string &name) {
  return fmt::format("{} {} {}", ok ? "ok" : "not ok", number, name);
}

std::string case_lines(const CaseRecord &record, size_t number) {
  const bool failed = record.status == CaseStatus::kFail;
  std::string text = kIndent + result_line(!failed, number, record.name) + directive(record) + "\n";
  for (const std::string &note : record.notes) text += fmt::format("{}# {}\n", kIndent, note);
  if (!failed) return text;
  text += fmt::format("{}# {} of {} outcomes wrong\n", kIndent, record.mismatches, record.outcomes);
  std::istringstream reason(record.reason);
  for (std::string line; std::getline(reason, line);) {
    text += fmt::format("{}# {}\n", kIndent, line);
  }
  return text;
}

}  // namespace

std::string ktap_head(size_t groups) { return fmt::format("KTAP version 1\n1..{}\n", groups); }

std::string ktap_group(const CaseGroupRecord &group, size_t number) {
  std::string text = fmt::format("{0}KTAP version 1\n{0}# Subtest: {1}\n{0}1..{2}\n", kIndent,
                                 group.name, group.cases.size());
  for (size_t i = 0; i < group.cases.size(); ++i) text += case_lines(group.cases[i], i + 1);
  const auto all = [&](CaseStatus status) {
    return std::all_of(group.cases.begin(), group.cases.end(),
                       [&](const CaseRecord &record) { return record.status == status; });
  };
  const auto any_failed =
      std::any_of(group.cases.begin(), group.cases.end(),
                  [](const CaseRecord &record) { return record.status == CaseStatus::kFail; });
  text += result_line(!any_failed, number, group.name);
  if (all(CaseStatus::kSkip)) text += " # SKIP nothing of it could run";
  return text + "\n";
}

}  // namespace sklab
