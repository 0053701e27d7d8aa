// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// The fields of instructions.json, once for writing and reading: the name in the file, and the
// member.
#pragma once

#include "harness/record/instructions/instruction_record.h"
#include "harness/record/result_fields.h"

namespace sklab {

template <RecordOf<InstructionDifference> Record, typename Visitor>
void visit_fields(Record &record, Visitor &&visit) {
  visit("reference", record.reference);
  visit("instructions_per_lookup", record.instructions_per_lookup);
}

template <RecordOf<ProfileWindows> Record, typename Visitor>
void visit_fields(Record &record, Visitor &&visit) {
  visit("fewer", record.fewer);
  visit("more", record.more);
  visit("added", record.added);
  visit("symbols", record.symbols);
}

template <RecordOf<InstructionRow> Record, typename Visitor>
void visit_fields(Record &record, Visitor &&visit) {
  visit("name", record.name);
  visit("path", record.path);
  visit("title", record.title);
  visit("definition", record.definition);
  visit("status", record.status);
  visit("reason", record.reason);
  visit("instructions", record.instructions);
  visit("lookups", record.lookups);
  visit("residue", record.residue);
  visit("instructions_per_lookup", record.instructions_per_lookup);
  visit("packets", record.packets);
  visit("packets_alike", record.packets_alike);
  visit("difference", record.difference);
  visit("profile", record.profile);
  visit("selected_socket", record.selected_socket);
  visit("verified_lookups", record.verified_lookups);
  visit("program_runs", record.program_runs);
}

template <RecordOf<InstructionCalibration> Record, typename Visitor>
void visit_fields(Record &record, Visitor &&visit) {
  visit("row", record.row);
  visit("added", record.added);
  visit("counted", record.counted);
}

template <RecordOf<InstructionRecord> Record, typename Visitor>
void visit_fields(Record &record, Visitor &&visit) {
  visit("run_id", record.run_id);
  visit("started_utc", record.started_utc);
  visit("mode", record.mode);
  visit("command_line", record.command_line);
  visit("seed", record.seed);
  visit("fingerprint", record.fingerprint);
  visit("warnings", record.warnings);
  visit("calibrations", record.calibrations);
  visit("rows", record.rows);
  visit("symbols", record.symbols);
}

}  // namespace sklab
