// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// The fields of range.json, once for writing and reading: the name in the file, and the member.
#pragma once

#include "harness/record/range/range_record.h"
#include "harness/record/result_fields.h"

namespace sklab {

template <RecordOf<RangeRow> Record, typename Visitor>
void visit_fields(Record &record, Visitor &&visit) {
  visit("name", record.name);
  visit("title", record.title);
  visit("status", record.status);
  visit("reason", record.reason);
  visit("sockets", record.sockets);
  visit("rounds", record.rounds);
  visit("requests", record.requests);
  visit("setup_ms", record.setup_ms);
  visit("memory_bytes", record.memory_bytes);
  visit("requests_per_second", record.requests_per_second);
  visit("request_percent", record.request_percent);
  visit("latency_ns_p50", record.latency_ns_p50);
  visit("latency_ns_p99", record.latency_ns_p99);
}

template <RecordOf<RangeFamily> Record, typename Visitor>
void visit_fields(Record &record, Visitor &&visit) {
  visit("name", record.name);
  visit("range", record.range);
  visit("requests_per_second", record.requests_per_second);
  visit("rows", record.rows);
}

template <RecordOf<RangeRecord> Record, typename Visitor>
void visit_fields(Record &record, Visitor &&visit) {
  visit("run_id", record.run_id);
  visit("started_utc", record.started_utc);
  visit("duration_s", record.duration_s);
  visit("mode", record.mode);
  visit("command_line", record.command_line);
  visit("seed", record.seed);
  visit("complete", record.complete);
  visit("fingerprint", record.fingerprint);
  visit("warnings", record.warnings);
  visit("families", record.families);
}

}  // namespace sklab
