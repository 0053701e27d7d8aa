// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "bench/gate/comparability.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "harness/record/fingerprint_facts.h"

namespace sklab {
namespace {

bool contains(const std::vector<std::string> &names, const std::string &name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

Result<> check_names(const std::map<std::string, std::string> &facts,
                     const std::vector<std::string> &allowed) {
  for (const std::string &name : allowed) {
    if (name != kAllFacts && !facts.contains(name)) {
      return fail_as(ErrorKind::kUsage, "allow a difference of", "'" + name + "'", 0,
                     "`sklab baseline show NAME` lists the names");
    }
  }
  return Ok{};
}

// The names of rows, of which a line has room for a few.
std::string some_of(const std::vector<std::string> &names) {
  constexpr size_t kShown = 3;
  std::string text;
  for (size_t i = 0; i < std::min(names.size(), kShown); ++i) {
    text += (i == 0 ? "" : ", ") + names[i];
  }
  if (names.size() > kShown) text += fmt::format(" and {} more", names.size() - kShown);
  return text;
}

// What is left of the rows, in the groups they were in.
GatedRows only(const GatedRows &rows, const std::set<std::string> &wanted) {
  GatedRows left;
  for (const GatedGroup &group : rows.groups) {
    GatedGroup smaller{group.name, {}};
    for (const size_t row : group.rows) {
      if (!wanted.contains(rows.rows[row].name)) continue;
      smaller.rows.push_back(left.rows.size());
      left.rows.push_back(rows.rows[row]);
    }
    if (!smaller.rows.empty()) left.groups.push_back(std::move(smaller));
  }
  return left;
}

}  // namespace

std::map<std::string, std::string> measuring_facts(const Fingerprint &fingerprint, uint64_t cpu,
                                                   uint64_t cpus_allowed) {
  auto facts = fingerprint_facts(fingerprint);
  facts["cpu"] = std::to_string(cpu);
  facts["cpus_allowed"] = std::to_string(cpus_allowed);
  return facts;
}

Result<std::vector<std::string>> check_same_machine(const BaselineRecord &baseline,
                                                    const std::map<std::string, std::string> &here,
                                                    const std::vector<std::string> &allowed) {
  SKLAB_CHECK(check_names(here, allowed));
  const auto before = measuring_facts(baseline.fingerprint, baseline.cpu, baseline.cpus_allowed);
  std::vector<std::string> warnings;
  std::string forbidding;
  std::string first;
  for (const FactChange &change : changed_facts(before, here)) {
    if (may_differ(change.fact)) continue;
    const std::string text = fmt::format("{} is '{}' and was '{}' for the baseline", change.fact,
                                         change.after, change.before);
    if (contains(allowed, change.fact) || contains(allowed, kAllFacts)) {
      warnings.push_back(text);
      continue;
    }
    if (first.empty()) first = change.fact;
    forbidding += (forbidding.empty() ? "" : "; ") + text;
  }
  if (forbidding.empty()) return warnings;
  return fail_as(ErrorKind::kUsage, "compare with this baseline:", forbidding, 0,
                 "--allow-mismatch " + first + " compares all the same");
}

Result<std::vector<std::string>> keep_rows_of(const BaselineRecord &baseline, bool asked_for,
                                              GatedRows &rows) {
  std::set<std::string> recorded;
  for (const BaselineRow &row : baseline.rows) recorded.insert(row.name);
  std::set<std::string> known;
  std::vector<std::string> unrecorded;
  for (const GatedRow &row : rows.rows) {
    known.insert(row.name);
    if (!recorded.contains(row.name) && row.skipped.empty()) unrecorded.push_back(row.name);
  }
  if (asked_for && !unrecorded.empty()) {
    return fail_as(ErrorKind::kUsage, "compare", some_of(unrecorded), 0,
                   "the baseline does not have it: record one that does, or choose by --filter");
  }
  std::vector<std::string> unknown;
  std::set_difference(recorded.begin(), recorded.end(), known.begin(), known.end(),
                      std::back_inserter(unknown));
  if (!asked_for && !unknown.empty()) {
    return fail_as(ErrorKind::kUsage, "compare", some_of(unknown), 0,
                   "this build does not have it any more: choose others by --filter");
  }
  rows = only(rows, recorded);
  std::vector<std::string> warnings;
  if (!unrecorded.empty()) {
    warnings.push_back(
        fmt::format("not gated, as the baseline does not have it: {}", some_of(unrecorded)));
  }
  return warnings;
}

}  // namespace sklab
