// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// The fields of latency.json, once for writing and reading: the name in the file, and the member.
#pragma once

#include "harness/record/latency/latency_record.h"
#include "harness/record/result_fields.h"

namespace sklab {

template <RecordOf<LatencyPercentile> Record, typename Visitor>
void visit_fields(Record &record, Visitor &&visit) {
  visit("percent", record.percent);
  visit("latency_ns", record.latency_ns);
  visit("since_sent_ns", record.since_sent_ns);
  visit("difference_ns", record.difference_ns);
}

template <RecordOf<LatencyChurn> Record, typename Visitor>
void visit_fields(Record &record, Visitor &&visit) {
  visit("operation", record.operation);
  visit("asked_per_second", record.asked_per_second);
  visit("per_second", record.per_second);
  visit("elapsed_s", record.elapsed_s);
  visit("operations", record.operations);
  visit("operation_ns_p50", record.operation_ns_p50);
  visit("operation_ns_p99", record.operation_ns_p99);
}

template <RecordOf<LatencyRowRecord> Record, typename Visitor>
void visit_fields(Record &record, Visitor &&visit) {
  visit("name", record.name);
  visit("title", record.title);
  visit("reference", record.reference);
  visit("status", record.status);
  visit("reason", record.reason);
  visit("requests", record.requests);
  visit("requests_per_second", record.requests_per_second);
  visit("percentiles", record.percentiles);
  visit("mean_ns", record.mean_ns);
  visit("max_ns", record.max_ns);
  visit("churn", record.churn);
  visit("histogram_ns", record.histogram_ns);
  visit("histogram_counts", record.histogram_counts);
}

template <RecordOf<LatencySectionRecord> Record, typename Visitor>
void visit_fields(Record &record, Visitor &&visit) {
  visit("family", record.family);
  visit("sockets", record.sockets);
  visit("requests_per_second", record.requests_per_second);
  visit("rows", record.rows);
}

template <RecordOf<LatencyRecord> Record, typename Visitor>
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
  visit("self_checks", record.self_checks);
  visit("sections", record.sections);
}

}  // namespace sklab
