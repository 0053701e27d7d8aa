// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/record/gate/cells.h"
#include "harness/record/gate/renderers.h"
#include "harness/record/google_benchmark_document.h"

namespace sklab {
namespace {

// Where a side's figures are in a record.
struct SideFields {
  GateSide GateRecord::*side;
  std::vector<double> GateRow::*samples;
  Estimate GateRow::*value;
};

constexpr SideFields kBaseFields = {&GateRecord::base, &GateRow::base_samples, &GateRow::base};
constexpr SideFields kCandidateFields = {&GateRecord::candidate, &GateRow::candidate_samples,
                                         &GateRow::candidate};

std::map<std::string, double> counters_of(const GateRecord &record, const std::string &name,
                                          const SideFields &fields) {
  std::map<std::string, double> counters;
  for (const GateRow &row : record.rows) {
    if (row.name != name || !is_count(row) || !has_number(row)) continue;
    counters[row.quantity] = (row.*fields.value).value;
  }
  return counters;
}

std::string side_json(const GateRecord &record, const SideFields &fields) {
  const GateSide &side = record.*fields.side;
  GoogleBenchmarkRun run{side.description, record.started_utc, record.run_id, side.fingerprint, {}};
  for (const GateRow &row : record.rows) {
    if (is_count(row) || !has_number(row)) continue;
    GoogleBenchmarkRow written;
    written.name = row.name;
    written.times_ns = row.*fields.samples;
    written.counters = counters_of(record, row.name, fields);
    run.rows.push_back(std::move(written));
  }
  return google_benchmark_document(run);
}

}  // namespace

std::string gate_google_benchmark_of_base(const GateRecord &record) {
  return side_json(record, kBaseFields);
}

std::string gate_google_benchmark_of_candidate(const GateRecord &record) {
  return side_json(record, kCandidateFields);
}

}  // namespace sklab
