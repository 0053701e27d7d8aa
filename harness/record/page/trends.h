// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// How the figures of rows went over many runs.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "harness/record/result_fields.h"

namespace sklab {

struct TrendRun {
  std::string run_id;
  std::string started_utc;
  std::string kernel_release;
  std::string sklab_version;
  std::string cpu_model;
};

struct TrendPoint {
  uint64_t run = 0;  // index in Trends::runs
  Estimate latency_ns;
};

struct TrendStep {
  uint64_t run = 0;  // the first of the new level
  double before_ns = 0;
  double after_ns = 0;
  // Names of what is not as in the run before, of the fingerprint.
  std::vector<std::string> changed;
};

struct TrendRow {
  std::string name;
  std::string title;
  std::vector<TrendPoint> points;
  std::vector<TrendStep> steps;
};

struct Trends {
  std::vector<TrendRun> runs;  // the oldest first
  std::vector<TrendRow> rows;
};

// Of rows that were measured at least twice.
Trends trends_of(std::vector<RunRecord> runs);

template <RecordOf<TrendRun> Record, typename Visitor>
void visit_fields(Record &record, Visitor &&visit) {
  visit("run_id", record.run_id);
  visit("started_utc", record.started_utc);
  visit("kernel_release", record.kernel_release);
  visit("sklab_version", record.sklab_version);
  visit("cpu_model", record.cpu_model);
}

template <RecordOf<TrendPoint> Record, typename Visitor>
void visit_fields(Record &record, Visitor &&visit) {
  visit("run", record.run);
  visit("latency_ns", record.latency_ns);
}

template <RecordOf<TrendStep> Record, typename Visitor>
void visit_fields(Record &record, Visitor &&visit) {
  visit("run", record.run);
  visit("before_ns", record.before_ns);
  visit("after_ns", record.after_ns);
  visit("changed", record.changed);
}

template <RecordOf<TrendRow> Record, typename Visitor>
void visit_fields(Record &record, Visitor &&visit) {
  visit("name", record.name);
  visit("title", record.title);
  visit("points", record.points);
  visit("steps", record.steps);
}

template <RecordOf<Trends> Record, typename Visitor>
void visit_fields(Record &record, Visitor &&visit) {
  visit("runs", record.runs);
  visit("rows", record.rows);
}

}  // namespace sklab
