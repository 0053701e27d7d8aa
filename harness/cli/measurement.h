// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// What `sklab flood`, `latency` and `range` have in common: they measure on this kernel, leave a
// folder, print a table or JSON, and keep what there is when interrupted.
#pragma once

#include <cstddef>
#include <string>

#include "harness/base/exit_code.h"
#include "harness/base/result.h"
#include "harness/record/fingerprint.h"
#include "harness/record/run_folder.h"

namespace sklab {

class Measurement {
 public:
  virtual ~Measurement() = default;

  // Errors: EINTR when interrupted too early for a result; without an error there is one, if only a
  // part of it.
  virtual Result<> measure(const Fingerprint &fingerprint, const std::string &run_id) = 0;

  // Of the result, once it has been measured.
  [[nodiscard]] virtual Result<> add_files(RunFolder &folder) const = 0;
  [[nodiscard]] virtual std::string table() const = 0;
  [[nodiscard]] virtual std::string json() const = 0;
  [[nodiscard]] virtual size_t failed_rows() const = 0;
  [[nodiscard]] virtual bool is_complete() const = 0;
};

struct MeasurementOutput {
  std::string folder;  // that gets one folder a run
  bool json = false;   // to be printed instead of the table
};

// `command` is its name, for messages.
ExitCode run_measurement(const std::string &command, const MeasurementOutput &output,
                         Measurement &measurement);

}  // namespace sklab
