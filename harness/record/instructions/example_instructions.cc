// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/record/instructions/example_instructions.h"

#include "harness/record/test_record.h"

namespace sklab {
namespace {

InstructionRow counted_row(std::string name, int64_t instructions, uint64_t lookups) {
  InstructionRow row;
  row.name = std::move(name);
  row.path = "probe";
  row.title = "a row | of the example";
  row.definition = "scenario 1\ndialect pass_drop\n";
  row.instructions = instructions;
  row.lookups = lookups;
  row.instructions_per_lookup = static_cast<double>(instructions) / static_cast<double>(lookups);
  row.selected_socket = "server";
  row.verified_lookups = 512;
  return row;
}

InstructionRow row_without_count(std::string name, RowStatus status, std::string reason) {
  InstructionRow row;
  row.name = std::move(name);
  row.path = "probe";
  row.status = status;
  row.reason = std::move(reason);
  return row;
}

}  // namespace

InstructionRecord example_instructions() {
  InstructionRecord record;
  record.run_id = "20261123T185500Z-abc123";
  record.started_utc = "2026-11-23T18:55:00Z";
  record.mode = "default";
  record.command_line = "sklab bench --clock instructions";
  record.seed = 18446744073709551615ULL;
  record.fingerprint = example_fingerprint("6.12.0");
  record.warnings = {"the JIT is off"};
  record.calibrations = {{"udp4/key_off", 100, 100}, {"tcp4/key_off", 100, 100}};
  record.rows.push_back(counted_row("udp4/key_off", 97792, 256));
  record.rows.push_back(counted_row("udp4/pass", 131072, 256));
  record.rows.back().difference = InstructionDifference{"udp4/key_off", 130};
  record.rows.back().profile = ProfileWindows{1, 2, 256, 0};
  record.rows.back().program_runs = {512};
  record.rows.push_back(counted_row("udp4/many", 8200, 16));
  record.rows.back().packets = 33;
  record.rows.back().packets_alike = 30;
  record.rows.push_back(counted_row("udp4/unsteady", 8193, 16));
  record.rows.back().residue = 3;
  record.rows.push_back(row_without_count("udp4/drop", RowStatus::kFailed,
                                          "find the right socket: 1 of 2 lookups found another"));
  record.rows.push_back(row_without_count("udp4_cpus/key_off_same", RowStatus::kSkipped,
                                          "instructions are counted on one CPU"));
  record.symbols = {"ffffffffc0000800 t bpf_prog_6deef7357e7b4530_lookup\t[bpf]\n"};
  return record;
}

}  // namespace sklab
