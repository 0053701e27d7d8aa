// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// A whole run of the benchmark: many groups one after the other.
#pragma once

#include <cstdint>
#include <ctime>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "bench/batch_runner.h"
#include "bench/row.h"
#include "harness/base/utc_time.h"
#include "harness/measure/progress.h"
#include "harness/record/run_record.h"

namespace sklab {

struct SuiteOptions {
  RowSelection selection;
  FloodGenerator generator = FloodGenerator::kLiveFrames;  // of floods
  SharedObject object;            // measured instead of sklab's own programs
  std::optional<double> seconds;  // of measuring, all groups together; default: as the table says
  uint64_t seed = 1;
  bool keep_partial = false;    // return what there is when interrupted, if anything
  std::optional<unsigned> cpu;  // default: the last one allowed, since the first takes interrupts
  // Of the machine. To be read before isolate_process(): /proc/sys/net/core/bpf_* is not to be seen
  // in other network namespaces than the first.
  Fingerprint fingerprint;
  std::string command_line;  // for the record
  // Called often, with seconds of measuring done and to do, and what is being measured.
  RunProgress progress;
};

// Errors: kUsage for a selection or CPU that does not exist, EINTR when interrupted, kUnavailable
// where this kernel or process cannot do it, and what interrupts leave. The record's run_id is the
// caller's to fill in.
Result<RunRecord> run_suite(const SuiteOptions &options);

// What the kernel's settings make of the figures, a line each.
std::vector<std::string> kernel_warnings(const Fingerprint &fingerprint);

// The same, and what other work on the machine makes of them, which takes a moment to measure.
Result<std::vector<std::string>> machine_warnings(const Fingerprint &fingerprint);

// What a record has of its run from the start, but for run_id and mode.
template <typename Record, typename Options>
Result<> begin_record(const Options &options, Record &record) {
  record.started_utc = utc_time(std::time(nullptr));
  record.command_line = options.command_line;
  record.seed = options.seed;
  record.fingerprint = options.fingerprint;
  SKLAB_TRY(record.warnings, machine_warnings(options.fingerprint));
  return Ok{};
}

// Of a record that is not complete.
inline constexpr char kInterruptedWarning[] =
    "interrupted: this is a part of what was to be measured";

// Adds a warning that is not there yet; "" is none.
void add_warning(std::vector<std::string> &warnings, const std::string &warning);

// Pins the thread to the CPU, or to the last one allowed; returns all that the process may use.
Result<std::vector<unsigned>> pin_to(std::optional<unsigned> cpu);

// The probe and the static key, set up on a pinned thread.
Result<Instruments> make_instruments(std::optional<unsigned> cpu);

}  // namespace sklab
