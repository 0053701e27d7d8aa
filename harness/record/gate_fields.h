// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// The fields of gate.json, once for writing and reading: the name in the file, and the member.
#pragma once

#include "harness/record/gate_record.h"
#include "harness/record/result_fields.h"

namespace sklab {

template <RecordOf<GateRow> Record, typename Visitor>
void visit_fields(Record &record, Visitor &&visit) {
  visit("name", record.name);
  visit("title", record.title);
  visit("path", record.path);
  visit("quantity", record.quantity);
  visit("verdict", record.verdict);
  visit("reason", record.reason);
  visit("base", record.base);
  visit("candidate", record.candidate);
  visit("change", record.change);
  visit("confidence", record.confidence);
  visit("p_value", record.p_value);
  visit("p_adjusted", record.p_adjusted);
  visit("threshold", record.threshold);
  visit("noise_floor", record.noise_floor);
  visit("absolute_floor", record.absolute_floor);
  visit("samples", record.samples);
  visit("further_samples", record.further_samples);
  visit("base_samples", record.base_samples);
  visit("candidate_samples", record.candidate_samples);
}

template <RecordOf<GateSide> Record, typename Visitor>
void visit_fields(Record &record, Visitor &&visit) {
  visit("name", record.name);
  visit("description", record.description);
  visit("fingerprint", record.fingerprint);
}

template <RecordOf<GateRecord> Record, typename Visitor>
void visit_fields(Record &record, Visitor &&visit) {
  visit("run_id", record.run_id);
  visit("started_utc", record.started_utc);
  visit("duration_s", record.duration_s);
  visit("kind", record.kind);
  visit("mode", record.mode);
  visit("command_line", record.command_line);
  visit("seed", record.seed);
  visit("base", record.base);
  visit("candidate", record.candidate);
  visit("verdict", record.verdict);
  visit("warnings", record.warnings);
  visit("rows", record.rows);
}

}  // namespace sklab
