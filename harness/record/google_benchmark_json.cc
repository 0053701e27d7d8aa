// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/record/google_benchmark_json.h"

#include <algorithm>

#include "harness/record/google_benchmark_document.h"

namespace sklab {
namespace {

constexpr size_t kRepetitions = 10;

// Medians of consecutive pieces of about equal length.
std::vector<double> repetitions_of(const std::vector<double> &samples) {
  const size_t count = std::min(kRepetitions, samples.size());
  std::vector<double> medians;
  for (size_t i = 0; i < count; ++i) {
    const auto first = samples.begin() + static_cast<ptrdiff_t>(i * samples.size() / count);
    const auto last = samples.begin() + static_cast<ptrdiff_t>((i + 1) * samples.size() / count);
    medians.push_back(distribution_of(std::vector<double>(first, last)).p50);
  }
  return medians;
}

GoogleBenchmarkRow google_benchmark_row(const RowRecord &row) {
  GoogleBenchmarkRow written;
  written.name = row.name;
  written.threads = row.cpus;
  if (row.status != RowStatus::kOk) {
    written.error = row.status == RowStatus::kSkipped ? "SKIPPED: " + row.reason : row.reason;
    return written;
  }
  written.times_ns = repetitions_of(row.samples_ns);
  written.iterations =
      row.lookups_per_batch * row.batches / std::max<uint64_t>(written.times_ns.size(), 1);
  written.counters = row.counters;
  return written;
}

}  // namespace

std::string google_benchmark_json(const RunRecord &record) {
  GoogleBenchmarkRun run{"sklab bench", record.started_utc, record.run_id, record.fingerprint, {}};
  for (const RowRecord &row : record.rows) run.rows.push_back(google_benchmark_row(row));
  return google_benchmark_document(run);
}

}  // namespace sklab
