// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// What `sklab bench --clock instructions` found out: how many instructions lookups take.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/record/fingerprint.h"
#include "harness/record/run_record.h"

namespace sklab {

// Raised when a field changes its meaning or goes away, not when one is added.
inline constexpr int kInstructionSchemaVersion = 1;

struct InstructionDifference {
  std::string reference;  // the other row's name
  double instructions_per_lookup = 0;
};

// Which windows of the emulator's profile (harness/guest/profile/profile.h) show a row's lookups,
// one packet only: `added` lookups are what the second has more than the first.
struct ProfileWindows {
  uint64_t fewer = 0;
  uint64_t more = 0;
  uint64_t added = 0;
  uint64_t symbols = 0;  // index of the record's, for the programs that were loaded
};

struct InstructionRow {
  std::string name;
  std::string path;        // "probe" or "test_run"
  std::string title;       // one line for people
  std::string definition;  // as in RowRecord
  RowStatus status = RowStatus::kOk;
  std::string reason;  // why there is no number; empty when status is kOk

  // Of the lookups below, all of one packet, what the loop around them takes taken off. Whole
  // numbers, so that they can be compared exactly.
  int64_t instructions = 0;
  uint64_t lookups = 0;
  // By how much counts of the whole row differed from each other. 0 is exact.
  uint64_t residue = 0;
  double instructions_per_lookup = 0;
  // A row of many packets shows the median packet; so many were counted, so many had its count.
  uint64_t packets = 1;
  uint64_t packets_alike = 1;
  std::optional<InstructionDifference> difference;
  std::optional<ProfileWindows> profile;

  // What the check saw, as in RowRecord.
  std::string selected_socket;
  uint64_t verified_lookups = 0;
  std::vector<uint64_t> program_runs;
};

// A program that executes a known number of instructions more than another.
struct InstructionCalibration {
  std::string row;  // of which it is a copy but for those
  uint64_t added = 0;
  int64_t counted = 0;  // per lookup

  [[nodiscard]] bool passed() const { return counted == static_cast<int64_t>(added); }
};

struct InstructionRecord {
  std::string run_id;
  std::string started_utc;
  std::string mode;  // "default" or "quick"
  std::string command_line;
  uint64_t seed = 0;  // of random packets
  Fingerprint fingerprint;
  std::vector<std::string> warnings;
  std::vector<InstructionCalibration> calibrations;
  std::vector<InstructionRow> rows;
  // Of a run that was profiled: lines of /proc/kallsyms about BPF programs, while rows were
  // counted.
  std::vector<std::string> symbols;
};

}  // namespace sklab
