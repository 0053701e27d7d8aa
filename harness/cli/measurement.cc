// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/cli/measurement.h"

#include <fmt/format.h>

#include <cstdio>
#include <ctime>
#include <filesystem>

#include "harness/cli/prepare.h"
#include "harness/cli/report_error.h"
#include "harness/measure/interrupt.h"

namespace sklab {
namespace {

Result<std::filesystem::path> save_measurement(RunFolder &folder, const Measurement &measurement) {
  SKLAB_CHECK(measurement.add_files(folder));
  return folder.publish();
}

ExitCode exit_code_of(const std::string &command, const Measurement &measurement) {
  if (const size_t failed = measurement.failed_rows(); failed != 0) {
    fmt::print(stderr, "sklab {}: {} rows failed their check and have no number\n", command,
               failed);
    return ExitCode::kFinding;
  }
  return measurement.is_complete() ? ExitCode::kOk : ExitCode::kInterrupted;
}

}  // namespace

ExitCode run_measurement(const std::string &command, const MeasurementOutput &output,
                         Measurement &measurement) {
  const Fingerprint fingerprint = read_fingerprint();
  if (const auto prepared = prepare(); !prepared) return report_error(prepared.error());
  const std::string run_id = new_run_id(std::time(nullptr));
  auto folder = RunFolder::create(output.folder, run_id);
  if (!folder) return report_error(folder.error());
  watch_interrupts();
  const auto measured = measurement.measure(fingerprint, run_id);
  if (!measured && interrupted()) {
    fmt::print(stderr, "sklab {}: interrupted too early, nothing was saved\n", command);
    return ExitCode::kInterrupted;
  }
  if (!measured) return report_error(measured.error());
  const auto saved = save_measurement(*folder, measurement);
  fmt::print("{}", output.json ? measurement.json() : measurement.table());
  std::fflush(stdout);  // before what follows on stderr
  if (!saved) return report_error(saved.error());
  fmt::print(stderr, "results: {}\n", saved->string());
  return exit_code_of(command, measurement);
}

}  // namespace sklab
