// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// The fields of flood.json, once for writing and reading: the name in the file, and the member.
#pragma once

#include "harness/record/flood/flood_record.h"
#include "harness/record/result_fields.h"

namespace sklab {

template <RecordOf<FloodDelta> Record, typename Visitor>
void visit_fields(Record &record, Visitor &&visit) {
  visit("packet_ns", record.packet_ns);
  visit("percent", record.percent);
  visit("verdict", record.verdict);
}

template <RecordOf<FloodByProbe> Record, typename Visitor>
void visit_fields(Record &record, Visitor &&visit) {
  visit("lookup_ns", record.lookup_ns);
  visit("unexplained_ns", record.unexplained_ns);
}

template <RecordOf<FloodRow> Record, typename Visitor>
void visit_fields(Record &record, Visitor &&visit) {
  visit("name", record.name);
  visit("title", record.title);
  visit("status", record.status);
  visit("reason", record.reason);
  visit("packets_per_second", record.packets_per_second);
  visit("packet_ns", record.packet_ns);
  visit("packet_cycles", record.packet_cycles);
  visit("packet_instructions", record.packet_instructions);
  visit("delta", record.delta);
  visit("probe", record.probe);
}

template <RecordOf<FloodShare> Record, typename Visitor>
void visit_fields(Record &record, Visitor &&visit) {
  visit("name", record.name);
  visit("packet_ns", record.packet_ns);
  visit("percent", record.percent);
}

template <RecordOf<PublishedFlood> Record, typename Visitor>
void visit_fields(Record &record, Visitor &&visit) {
  visit("packets_per_second", record.packets_per_second);
  visit("packets_per_second_program", record.packets_per_second_program);
  visit("percent", record.percent);
}

template <RecordOf<FloodFamily> Record, typename Visitor>
void visit_fields(Record &record, Visitor &&visit) {
  visit("name", record.name);
  visit("packet", record.packet);
  visit("rows", record.rows);
  visit("shares", record.shares);
  visit("published", record.published);
}

template <RecordOf<FloodRecord> Record, typename Visitor>
void visit_fields(Record &record, Visitor &&visit) {
  visit("run_id", record.run_id);
  visit("started_utc", record.started_utc);
  visit("duration_s", record.duration_s);
  visit("mode", record.mode);
  visit("command_line", record.command_line);
  visit("seed", record.seed);
  visit("generator", record.generator);
  visit("complete", record.complete);
  visit("fingerprint", record.fingerprint);
  visit("warnings", record.warnings);
  visit("self_checks", record.self_checks);
  visit("families", record.families);
}

}  // namespace sklab
