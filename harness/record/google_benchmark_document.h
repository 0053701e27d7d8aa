// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// The format of Google Benchmark's own JSON reporter, for tools that read that.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "harness/record/fingerprint.h"

namespace sklab {

struct GoogleBenchmarkRow {
  std::string name;
  std::vector<double> times_ns;  // a repetition each
  uint64_t iterations = 1;       // of each repetition
  unsigned threads = 1;
  std::map<std::string, double> counters;
  // Why there is no time; then the row is one entry with error_occurred, and times of 0.
  std::optional<std::string> error;
};

struct GoogleBenchmarkRun {
  std::string executable;
  std::string started_utc;
  std::string run_id;
  Fingerprint fingerprint;
  std::vector<GoogleBenchmarkRow> rows;
};

// Each row's repetitions, and their mean, median and standard deviation. Bytes that are not UTF-8
// become U+FFFD.
std::string google_benchmark_document(const GoogleBenchmarkRun &run);

}  // namespace sklab
