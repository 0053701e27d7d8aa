// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/record/latency/percentile_file.h"

#include <fmt/format.h>

#include <cmath>

#include "harness/measure/histogram.h"

namespace sklab {
namespace {

constexpr double kUsPerNs = 1e-3;

// Of buckets, so within a thousandth.
double deviation_ns(const LatencyRowRecord &row) {
  double sum = 0;
  for (size_t i = 0; i < row.histogram_ns.size(); ++i) {
    const double off = static_cast<double>(row.histogram_ns[i]) - row.mean_ns;
    sum += off * off * static_cast<double>(row.histogram_counts[i]);
  }
  return std::sqrt(sum / static_cast<double>(row.requests));
}

}  // namespace

std::string percentile_file(const LatencyRowRecord &row) {
  std::string text = fmt::format("{:>12} {:>14} {:>10} {:>14}\n\n", "Value", "Percentile",
                                 "TotalCount", "1/(1-Percentile)");
  const auto requests = static_cast<double>(row.requests);
  uint64_t done = 0;
  for (size_t i = 0; i < row.histogram_ns.size(); ++i) {
    done += row.histogram_counts[i];
    const double share = static_cast<double>(done) / requests;
    // The highest in the bucket, as HdrHistogram has it.
    const uint32_t index = Histogram::index_of(row.histogram_ns[i]);
    const auto highest = static_cast<double>(row.histogram_ns[i] + Histogram::width_ns(index) - 1);
    text += fmt::format("{:12.3f} {:2.12f} {:10}", highest * kUsPerNs, share, done);
    text += done == row.requests ? "\n" : fmt::format(" {:14.2f}\n", 1 / (1 - share));
  }
  text += fmt::format("#[Mean    = {:12.3f}, StdDeviation   = {:12.3f}]\n", row.mean_ns * kUsPerNs,
                      deviation_ns(row) * kUsPerNs);
  text += fmt::format("#[Max     = {:12.3f}, Total count    = {:12}]\n", row.max_ns * kUsPerNs,
                      row.requests);
  return text + "#[Buckets =           54, SubBuckets     =         2048]\n";
}

std::string percentile_file_name(const LatencySectionRecord &section, const LatencyRowRecord &row) {
  const std::string sockets =
      section.sockets == 0 ? "" : fmt::format("_{}-sockets", section.sockets);
  return fmt::format("{}_{}{}_{}.hgrm", section.family, section.requests_per_second, sockets,
                     row.name);
}

}  // namespace sklab
