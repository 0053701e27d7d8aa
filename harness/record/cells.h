// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// What the tables for people have in common: how rows are grouped, and how numbers are written.
#pragma once

#include <string>
#include <vector>

#include "harness/record/run_record.h"

namespace sklab {

// One row of a table as text; the columns' titles are kColumnTitles.
struct Cells {
  std::string name;        // without its section's part
  std::string latency;     // median, or FAILED or skipped
  std::string half_width;  // half of the 95 % interval
  std::string p1;
  std::string p99;
  std::string difference;  // "+30.2 +-0.4 vs key_off"
};

inline constexpr const char *kColumnTitles[] = {"ns/lookup", "+-", "p1", "p99", "difference"};

// Rows whose names have the same part before '/'. Programs by themselves come last.
struct Section {
  std::string title;
  bool program_alone = false;
  std::vector<const RowRecord *> rows;
};

// The sections point into the record.
std::vector<Section> sections_of(const RunRecord &record);

Cells cells_of(const RowRecord &row);

// "65538 sockets, set up in 344 ms, 180.1 MB of kernel memory"; "" without counters.
std::string counters_text(const RowRecord &row);

// "PASS a_a_control of udp4/key_off: 0.02 [-0.16, 0.22] ns; expected: ..."
std::string self_check_text(const SelfCheck &check);

// "kernel 6.18.44; AMD EPYC; 4 CPUs; KVMKVMKVM"
std::string machine_text(const Fingerprint &fingerprint);

// "default run of 84 s, seed 5"
std::string run_text(const RunRecord &record);

// What was taken off and how big it was: one line.
std::string overhead_text(const RunRecord &record);

// With the seed, if it did not name one itself.
std::string repeatable_command(const std::string &command_line, uint64_t seed);

inline constexpr char kProgramAloneNote[] =
    "the program by itself (path test_run): not a lookup, not to be compared with the rows above";

}  // namespace sklab
