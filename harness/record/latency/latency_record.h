// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// What a run of `sklab latency` found out, as its table, pictures and latency.json show it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/measure/estimate.h"
#include "harness/record/run_record.h"

namespace sklab {

// Raised when a field changes its meaning or goes away, not when one is added.
inline constexpr int kLatencySchemaVersion = 1;

// Tables and pictures are in microseconds.
inline constexpr double kNsPerUs = 1000;

// What rows are summarised by, as far as their requests are enough (measure/latency_rounds.h).
inline constexpr double kLatencyPercents[] = {50, 90, 99, 99.9, 99.99};

// Of the row that sends no requests.
inline constexpr char kEmptyLoopRow[] = "empty_loop";

// "99.99" and "p99.99".
std::string percent_text(double percent);
std::string percentile_name(double percent);

struct LatencyPercentile {
  double percent = 0;
  Estimate latency_ns;       // since the request was due
  double since_sent_ns = 0;  // what it would be counted since the request was sent
  // To the row's reference; none where that has no number.
  std::optional<Estimate> difference_ns;
};

// What went on while a row was measured.
struct LatencyChurn {
  std::string operation;  // "link updates"
  double asked_per_second = 0;
  double per_second = 0;
  double elapsed_s = 0;
  uint64_t operations = 0;
  // What one took, as far as there were enough to tell.
  std::optional<double> operation_ns_p50;
  std::optional<double> operation_ns_p99;
};

struct LatencyRowRecord {
  std::string name;
  std::string title;
  std::string reference;  // name of the row it is compared with; "" for none
  RowStatus status = RowStatus::kOk;
  std::string reason;  // why there is no number
  uint64_t requests = 0;
  double requests_per_second = 0;  // that were sent
  std::vector<LatencyPercentile> percentiles;
  double mean_ns = 0;
  double max_ns = 0;
  std::optional<LatencyChurn> churn;
  // Since requests were due: so many in the bucket that begins there.
  std::vector<uint64_t> histogram_ns;
  std::vector<uint64_t> histogram_counts;
};

// Rows that were measured in the same rounds.
struct LatencySectionRecord {
  std::string family;              // "udp4"
  uint64_t sockets = 0;            // beside the handful that rows need
  double requests_per_second = 0;  // asked for
  std::vector<LatencyRowRecord> rows;

  // "udp4, 20000 requests/s, 10000 more sockets"
  [[nodiscard]] std::string title() const;
};

struct LatencyRecord {
  std::string run_id;
  std::string started_utc;
  double duration_s = 0;
  std::string mode;
  std::string command_line;
  uint64_t seed = 0;
  bool complete = true;  // or else interrupted: what was measured until then
  Fingerprint fingerprint;
  std::vector<std::string> warnings;
  std::vector<SelfCheck> self_checks;
  std::vector<LatencySectionRecord> sections;
};

}  // namespace sklab
