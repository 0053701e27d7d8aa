// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// What the page shows of a conform.json: fields of that file, by its names.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "harness/record/result_fields.h"

namespace sklab {

struct ConformCaseView {
  std::string group;
  std::string name;
  std::string result;
  std::string reason;
  uint64_t outcomes_checked = 0;
  uint64_t mismatches = 0;
};

struct ConformGroupView {
  std::string name;
  std::string title;
  uint64_t outcomes_checked = 0;
  uint64_t mismatches = 0;
  double duration_s = 0;
};

struct ConformView {
  std::string run_id;
  std::string started_utc;
  std::string depth;
  uint64_t seed = 0;
  std::string command_line;
  double duration_s = 0;
  uint64_t outcomes_checked = 0;
  uint64_t mismatches = 0;
  uint64_t expected_mismatches = 0;
  Fingerprint fingerprint;
  std::vector<ConformGroupView> groups;
  std::vector<ConformCaseView> cases;
};

template <RecordOf<ConformCaseView> Record, typename Visitor>
void visit_fields(Record &record, Visitor &&visit) {
  visit("group", record.group);
  visit("name", record.name);
  visit("result", record.result);
  visit("reason", record.reason);
  visit("outcomes_checked", record.outcomes_checked);
  visit("mismatches", record.mismatches);
}

template <RecordOf<ConformGroupView> Record, typename Visitor>
void visit_fields(Record &record, Visitor &&visit) {
  visit("name", record.name);
  visit("title", record.title);
  visit("outcomes_checked", record.outcomes_checked);
  visit("mismatches", record.mismatches);
  visit("duration_s", record.duration_s);
}

template <RecordOf<ConformView> Record, typename Visitor>
void visit_fields(Record &record, Visitor &&visit) {
  visit("run_id", record.run_id);
  visit("started_utc", record.started_utc);
  visit("depth", record.depth);
  visit("seed", record.seed);
  visit("command_line", record.command_line);
  visit("duration_s", record.duration_s);
  visit("outcomes_checked", record.outcomes_checked);
  visit("mismatches", record.mismatches);
  visit("expected_mismatches", record.expected_mismatches);
  visit("fingerprint", record.fingerprint);
  visit("groups", record.groups);
  visit("cases", record.cases);
}

}  // namespace sklab
