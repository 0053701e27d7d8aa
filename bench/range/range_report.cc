// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "bench/range/range_report.h"

#include <fmt/format.h>

#include <algorithm>

namespace sklab {
namespace {

template <typename Value>
std::vector<double> values_of(const RangeLane &lane, Value value_of) {
  std::vector<double> values;
  for (const RangeSample &sample : lane.samples) values.push_back(value_of(sample));
  return values;
}

template <typename Value>
Estimate median_over_rounds(const RangeLane &lane, Value value_of) {
  return median_estimate(values_of(lane, value_of));
}

std::optional<Estimate> percent_of_base(const RangeLane &lane, const RangeLane &base) {
  if (&lane == &base || !base.reason.empty()) return std::nullopt;
  std::vector<double> percent;
  for (size_t i = 0; i < std::min(lane.samples.size(), base.samples.size()); ++i) {
    percent.push_back(100 * (lane.samples[i].request_ns / base.samples[i].request_ns - 1));
  }
  return median_estimate(std::move(percent));
}

std::optional<Estimate> memory_of(const RangeLane &lane) {
  std::vector<double> bytes;
  for (const RangeSample &sample : lane.samples) {
    if (sample.set_up.memory_bytes) bytes.push_back(*sample.set_up.memory_bytes);
  }
  if (bytes.empty()) return std::nullopt;
  return median_estimate(std::move(bytes));
}

RangeRow report_range_row(const RangeLane &lane, const RangeLane &base) {
  RangeRow row;
  row.name = lane.description.name;
  row.title = lane.description.title;
  if (!lane.reason.empty()) {
    row.status = lane.failed ? RowStatus::kFailed : RowStatus::kSkipped;
    row.reason = lane.reason;
    return row;
  }
  row.sockets = lane.samples.front().set_up.sockets;
  row.rounds = lane.samples.size();
  for (const RangeSample &sample : lane.samples) row.requests += sample.requests;
  row.setup_ms = median_over_rounds(lane, [](const auto &one) { return one.set_up.setup_ms; });
  row.memory_bytes = memory_of(lane);
  row.requests_per_second =
      median_over_rounds(lane, [](const auto &one) { return 1e9 / one.request_ns; });
  row.request_percent = percent_of_base(lane, base);
  row.latency_ns_p50 = median_over_rounds(lane, [](const auto &one) { return one.latency_ns_p50; });
  row.latency_ns_p99 = median_over_rounds(lane, [](const auto &one) { return one.latency_ns_p99; });
  return row;
}

}  // namespace

RangeFamily report_range(const FamilyCase &family, const std::vector<RangeLane> &lanes) {
  RangeFamily reported;
  reported.name = family.name;
  reported.range = fmt::format("256 addresses of {}/{}, ports {} to {}", family.range.text(),
                               range_prefix_bits(family), kRangePortLow, kRangePortHigh);
  reported.requests_per_second = range_rate_per_second(family);
  const auto base = std::find_if(lanes.begin(), lanes.end(), [](const RangeLane &lane) {
    return lane.description.method == RangeMethod::kSkLookup;
  });
  for (const RangeLane &lane : lanes) reported.rows.push_back(report_range_row(lane, *base));
  return reported;
}

}  // namespace sklab
