// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// The fields of compare.json, once for writing and reading: the name in the file, and the member.
#pragma once

#include "harness/record/compare/compare_record.h"
#include "harness/record/result_fields.h"

namespace sklab {

template <RecordOf<ComparedKernel> Record, typename Visitor>
void visit_fields(Record &record, Visitor &&visit) {
  visit("name", record.name);
  visit("kernel", record.kernel);
  visit("image_sha256", record.image_sha256);
  visit("fingerprint", record.fingerprint);
  visit("trouble", record.trouble);
}

template <RecordOf<ComparedCell> Record, typename Visitor>
void visit_fields(Record &record, Visitor &&visit) {
  visit("status", record.status);
  visit("reason", record.reason);
  visit("per_lookup", record.per_lookup);
  visit("residue", record.residue);
  visit("verdict", record.verdict);
  visit("delta", record.delta);
  visit("delta_low", record.delta_low);
  visit("delta_high", record.delta_high);
}

template <RecordOf<ChangedLine> Record, typename Visitor>
void visit_fields(Record &record, Visitor &&visit) {
  visit("file", record.file);
  visit("line", record.line);
  visit("instructions_per_lookup", record.instructions_per_lookup);
}

template <RecordOf<ChangedFunction> Record, typename Visitor>
void visit_fields(Record &record, Visitor &&visit) {
  visit("name", record.name);
  visit("owner", record.owner);
  visit("instructions_per_lookup", record.instructions_per_lookup);
  visit("lines", record.lines);
}

template <RecordOf<ComparedRow> Record, typename Visitor>
void visit_fields(Record &record, Visitor &&visit) {
  visit("name", record.name);
  visit("title", record.title);
  visit("path", record.path);
  visit("cells", record.cells);
  visit("functions", record.functions);
}

template <RecordOf<ChangedCase> Record, typename Visitor>
void visit_fields(Record &record, Visitor &&visit) {
  visit("name", record.name);
  visit("results", record.results);
  visit("reasons", record.reasons);
}

template <RecordOf<CompareRecord> Record, typename Visitor>
void visit_fields(Record &record, Visitor &&visit) {
  visit("run_id", record.run_id);
  visit("started_utc", record.started_utc);
  visit("duration_s", record.duration_s);
  visit("clock", record.clock);
  visit("mode", record.mode);
  visit("boots", record.boots);
  visit("command_line", record.command_line);
  visit("seed", record.seed);
  visit("guest_seed", record.guest_seed);
  visit("kernels", record.kernels);
  visit("rows", record.rows);
  visit("cases", record.cases);
  visit("changed_cases", record.changed_cases);
  visit("warnings", record.warnings);
}

}  // namespace sklab
