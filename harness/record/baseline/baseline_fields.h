// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// The fields of a baseline's file, once for writing and reading: the name in the file, and the
// member.
#pragma once

#include "harness/record/baseline/baseline_record.h"
#include "harness/record/result_fields.h"

namespace sklab {

template <RecordOf<BaselineSamples> Record, typename Visitor>
void visit_fields(Record &record, Visitor &&visit) {
  visit("latency_ns", record.latency_ns);
  visit("empty_loop_ns", record.empty_loop_ns);
}

template <RecordOf<BaselineRow> Record, typename Visitor>
void visit_fields(Record &record, Visitor &&visit) {
  visit("name", record.name);
  visit("title", record.title);
  visit("path", record.path);
  visit("definition", record.definition);
  visit("counts", record.counts);
  visit("first", record.first);
  visit("second", record.second);
}

template <RecordOf<BaselineRecord> Record, typename Visitor>
void visit_fields(Record &record, Visitor &&visit) {
  visit("name", record.name);
  visit("recorded_utc", record.recorded_utc);
  visit("duration_s", record.duration_s);
  visit("mode", record.mode);
  visit("command_line", record.command_line);
  visit("seed", record.seed);
  visit("batch_ns", record.batch_ns);
  visit("cpu", record.cpu);
  visit("cpus_allowed", record.cpus_allowed);
  visit("fingerprint", record.fingerprint);
  visit("rows", record.rows);
}

}  // namespace sklab
