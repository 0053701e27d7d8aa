// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/record/baseline/baseline_json.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "harness/record/baseline/baseline_fields.h"
#include "harness/record/json_reader.h"
#include "harness/record/json_writer.h"
#include "harness/record/result_names.h"

namespace sklab {
namespace {

constexpr char kBaselineFile[] = "a baseline";

bool are_latencies(const std::vector<double> &values) {
  return std::all_of(values.begin(), values.end(),
                     [](double ns) { return std::isfinite(ns) && ns > 0; });
}

// What makes the row useless to a gate; "" for nothing.
std::string trouble_with(const BaselineRow &row) {
  for (const BaselineSamples *samples : {&row.first, &row.second}) {
    if (samples->latency_ns.empty()) return "a recording without a sample";
    if (!are_latencies(samples->latency_ns) || !are_latencies(samples->empty_loop_ns)) {
      return "a sample that is no length of time";
    }
    if (!samples->empty_loop_ns.empty() &&
        samples->empty_loop_ns.size() != samples->latency_ns.size()) {
      return "not as many empty loops as lookups";
    }
  }
  return row.first.empty_loop_ns.empty() == row.second.empty_loop_ns.empty()
             ? ""
             : "an empty loop in one recording only";
}

Result<> check_baseline(const BaselineRecord &record) {
  const auto useless = [](const std::string &where, const std::string &why) {
    return fail_as(ErrorKind::kUsage, std::string("use ") + kBaselineFile, where, 0, why);
  };
  if (record.rows.empty()) return useless("/rows", "there is none");
  std::set<std::string> names;
  for (size_t i = 0; i < record.rows.size(); ++i) {
    const std::string where = "/rows/" + std::to_string(i);
    if (!names.insert(record.rows[i].name).second) return useless(where, "this row is there twice");
    const std::string trouble = trouble_with(record.rows[i]);
    if (!trouble.empty()) return useless(where, trouble);
  }
  if (!(std::isfinite(record.batch_ns) && record.batch_ns > 0)) {
    return useless("/batch_ns", "it is no length of time");
  }
  return Ok{};
}

}  // namespace

std::string baseline_json(const BaselineRecord &record) {
  return write_document<ResultNames>(kBaselineSchemaVersion, record);
}

Result<BaselineRecord> parse_baseline_json(std::string_view text) {
  SKLAB_TRY(BaselineRecord record, (read_document<ResultNames, BaselineRecord>(
                                       kBaselineFile, kBaselineSchemaVersion, text)));
  SKLAB_CHECK(check_baseline(record));
  return record;
}

}  // namespace sklab
