// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Races in guests: what a guest is to do, and what came of it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "fuzz/race/race_json.h"
#include "fuzz/target/finding.h"
#include "harness/base/result.h"
#include "harness/guest/guest_run.h"

namespace sklab {

inline constexpr char kRaceTarget[] = "race";  // of its findings

struct RaceGuestSettings {
  std::string target;  // as the user named it: "guest:6.12"
  GuestKernel kernel;
  uint64_t rounds = 1000;  // of each guest
  unsigned cpus = 1;       // more than one: parallel, and not the same in every run
  Processor processor = Processor::kDeterministic;
  unsigned memory_mib = 1024;
  double limit_s = 600;
  uint16_t gdb_port = 0;  // 0: nobody looks
};

GuestJob race_job(const RaceGuestSettings &settings, uint64_t seed);

struct RaceVerdict {
  RaceReport report;  // of a guest that fell, rounds alone
  std::optional<Finding> finding;
};

// Of a guest that ran race_job(), and what its command printed. Errors: kUnavailable for a kernel
// that cannot do it; a guest that never came to its races.
Result<RaceVerdict> judge_race(const RaceGuestSettings &settings, uint64_t seed,
                               const GuestRecord &record, const std::string &output,
                               const std::string &errors);

// Runs the races in this process, which is in a guest; notes each round at kNotePort. Errors:
// kUnavailable for a kernel that is not preempted, on one CPU.
Result<RaceReport> race_in_this_guest(const RaceSettings &settings);

// Where its findings go.
FindingOrigin race_origin(const GuestRecord &record);

}  // namespace sklab
