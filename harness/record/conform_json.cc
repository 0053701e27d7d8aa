// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/record/conform_json.h"

#include "harness/record/json_writer.h"
#include "harness/record/result_fields.h"

namespace sklab {
namespace {

constexpr unsigned kSchemaVersion = 1;

struct NoEnums {};
using Writer = JsonWriter<NoEnums>;
using Json = Writer::Json;

Json case_json(const CaseGroupRecord &group, const CaseRecord &record) {
  return {{"group", group.name},
          {"name", record.name},
          {"result", status_name(record.status)},
          {"reason", record.reason},
          {"outcomes_checked", record.outcomes},
          {"mismatches", record.mismatches},
          {"verifier_messages", record.verifier_messages},
          {"notes", record.notes}};
}

Json group_json(const CaseGroupRecord &group) {
  const CaseCounts counts = count_cases(group);
  return {{"name", group.name},
          {"title", group.title},
          {"cases", group.cases.size()},
          {"outcomes_checked", counts.outcomes},
          {"mismatches", counts.mismatches},
          {"duration_s", group.duration_s}};
}

}  // namespace

std::string conform_json(const ConformRecord &record) {
  const CaseCounts counts = count_cases(record);
  Json groups = Json::array();
  Json cases = Json::array();
  for (const CaseGroupRecord &group : record.groups) {
    groups.push_back(group_json(group));
    for (const CaseRecord &one : group.cases) cases.push_back(case_json(group, one));
  }
  const Json document = {{"schema_version", kSchemaVersion},
                         {"run_id", record.run_id},
                         {"started_utc", record.started_utc},
                         {"depth", record.depth},
                         {"seed", record.seed},
                         {"command_line", record.command_line},
                         {"duration_s", record.duration_s},
                         {"outcomes_checked", counts.outcomes},
                         {"mismatches", counts.mismatches},
                         {"expected_mismatches", counts.expected_mismatches},
                         {"fingerprint", Writer::write(record.fingerprint)},
                         {"groups", std::move(groups)},
                         {"cases", std::move(cases)}};
  // Command lines need not be UTF-8, and a run must not be lost for one.
  return document.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace sklab
