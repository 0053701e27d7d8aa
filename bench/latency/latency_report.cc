// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "bench/latency/latency_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "harness/measure/latency_rounds.h"

namespace sklab {
namespace {

constexpr double kMostOverheadPercent = 5;
constexpr double kMostControlPercent = 2;
// Operations that are missing, which come at random times, in standard deviations, and their share.
constexpr double kMostMissingDeviations = 4;
constexpr double kLeastOfChurn = 0.95;
// Requests wait for those before them if, in half of the rounds, the last one is so many intervals
// late.
constexpr double kMostIntervalsLate = 5;

std::vector<Histogram> since_due(const LatencyLane &lane) {
  std::vector<Histogram> rounds;
  for (const LatencyTurn &turn : lane.turns) rounds.push_back(turn.since_due);
  return rounds;
}

std::vector<Histogram> since_sent(const LatencyLane &lane) {
  std::vector<Histogram> rounds;
  for (const LatencyTurn &turn : lane.turns) rounds.push_back(turn.since_sent);
  return rounds;
}

Histogram whole_of(const std::vector<Histogram> &rounds) {
  Histogram whole;
  for (const Histogram &round : rounds) whole.add(round);
  return whole;
}

const LatencyLane *find_lane(const std::vector<LatencyLane> &lanes, const std::string &name) {
  const auto found = std::find_if(lanes.begin(), lanes.end(), [&](const LatencyLane &lane) {
    return lane.spec.name == name && !lane.is_out();
  });
  return found == lanes.end() ? nullptr : &*found;
}

std::vector<LatencyPercentile> percentiles_of(const LatencyLane &lane, const LatencyLane *base) {
  const Histogram sent = whole_of(since_sent(lane));
  std::vector<double> percents;
  for (const double percent : kLatencyPercents) {
    if (tells_percentile(sent.count(), percent)) percents.push_back(percent);
  }
  const auto estimates = percentile_estimates(since_due(lane), percents);
  const auto differences =
      base == nullptr ? std::vector<Estimate>()
                      : percentile_differences(since_due(lane), since_due(*base), percents);
  std::vector<LatencyPercentile> percentiles;
  for (size_t i = 0; i < percents.size(); ++i) {
    LatencyPercentile one{percents[i], estimates[i], sent.percentile(percents[i]), {}};
    if (base != nullptr) one.difference_ns = differences[i];
    percentiles.push_back(one);
  }
  return percentiles;
}

LatencyChurn churn_of(const LatencyLane &lane) {
  LatencyChurn churn;
  churn.operation = describe(*lane.spec.churn).operation;
  churn.asked_per_second = lane.spec.churn_per_second;
  std::vector<uint64_t> operations_ns;
  for (const LatencyTurn &turn : lane.turns) {
    churn.elapsed_s += turn.churn_s;
    operations_ns.insert(operations_ns.end(), turn.operations_ns.begin(), turn.operations_ns.end());
  }
  churn.operations = operations_ns.size();
  churn.per_second = static_cast<double>(churn.operations) / churn.elapsed_s;
  const Histogram operations(std::move(operations_ns));
  const auto percentile = [&](double percent) {
    return tells_percentile(churn.operations, percent)
               ? std::optional(operations.percentile(percent))
               : std::nullopt;
  };
  churn.operation_ns_p50 = percentile(50);
  churn.operation_ns_p99 = percentile(99);
  return churn;
}

double median_over_turns(const LatencyLane &lane, double (*figure_of)(const LatencyTurn &)) {
  std::vector<double> figures;
  for (const LatencyTurn &turn : lane.turns) figures.push_back(figure_of(turn));
  return distribution_of(std::move(figures)).p50;
}

LatencyRowRecord report_row(const LatencyLane &lane, const std::vector<LatencyLane> &lanes) {
  LatencyRowRecord row;
  row.name = lane.spec.name;
  row.title = lane.spec.title;
  row.reference = lane.spec.reference;
  if (lane.is_out()) {
    row.status = lane.failure.empty() ? RowStatus::kSkipped : RowStatus::kFailed;
    row.reason = lane.failure.empty() ? lane.reason_to_skip : lane.failure;
    return row;
  }
  const Histogram whole = whole_of(since_due(lane));
  row.requests = whole.count();
  row.requests_per_second =
      median_over_turns(lane, [](const LatencyTurn &turn) { return turn.sent_per_second; });
  row.percentiles = percentiles_of(lane, find_lane(lanes, lane.spec.reference));
  row.mean_ns = whole.mean();
  for (const LatencyTurn &turn : lane.turns) {
    row.max_ns = std::max(row.max_ns, static_cast<double>(turn.max_ns));
  }
  if (lane.spec.churn) row.churn = churn_of(lane);
  for (const Histogram::Bucket &bucket : whole.buckets()) {
    row.histogram_ns.push_back(Histogram::low_ns(bucket.index));
    row.histogram_counts.push_back(bucket.count);
  }
  return row;
}

Estimate median_of(const LatencyLane &lane) {
  constexpr double kMedian[] = {50};
  return percentile_estimates(since_due(lane), kMedian).front();
}

void check_overhead(const LatencyLane &empty, const LatencyLane &base, const std::string &name,
                    LatencyRecord &record) {
  const double whole_ns = median_of(base).value;
  const Estimate overhead = median_of(empty);
  const Estimate percent{100 * overhead.value / whole_ns, 100 * overhead.low / whole_ns,
                         100 * overhead.high / whole_ns};
  record.self_checks.push_back(
      {"tool_overhead", name, percent.value < kMostOverheadPercent, percent, "%",
       fmt::format("the empty loop's median is below {} % of key_off's", kMostOverheadPercent)});
}

void check_control(const LatencyLane &control, const LatencyLane &base, const std::string &name,
                   LatencyRecord &record) {
  constexpr double kMedian[] = {50};
  const double whole_ns = median_of(base).value;
  const Estimate difference =
      percentile_differences(since_due(control), since_due(base), kMedian).front();
  const Estimate percent{100 * difference.value / whole_ns, 100 * difference.low / whole_ns,
                         100 * difference.high / whole_ns};
  const bool passed = std::max(std::abs(percent.low), std::abs(percent.high)) < kMostControlPercent;
  record.self_checks.push_back(
      {"a_a_control", name, passed, percent, "%",
       fmt::format("95 % interval of the medians' difference is within +-{}",
                   kMostControlPercent)});
}

void add_checks(const std::vector<LatencyLane> &lanes, const std::string &name,
                LatencyRecord &record) {
  const LatencyLane *base = find_lane(lanes, kBaseRow);
  if (base == nullptr) return;
  if (const LatencyLane *empty = find_lane(lanes, kEmptyLoopRow)) {
    check_overhead(*empty, *base, name, record);
  }
  if (const LatencyLane *control = find_lane(lanes, kControlRow)) {
    check_control(*control, *base, name, record);
  }
}

bool is_overloaded(const LatencyLane &lane) {
  const double late_ns = median_over_turns(
      lane, [](const LatencyTurn &turn) { return static_cast<double>(turn.last_late_ns); });
  return late_ns > kMostIntervalsLate * 1e9 / lane.rate_per_second;
}

void warn_of_overload(const LatencySectionRecord &section, const std::vector<LatencyLane> &lanes,
                      LatencyRecord &record) {
  double least = std::numeric_limits<double>::infinity();
  for (size_t i = 0; i < lanes.size(); ++i) {
    if (lanes[i].is_out() || !is_overloaded(lanes[i])) continue;
    least = std::min(least, section.rows[i].requests_per_second);
  }
  if (std::isinf(least)) return;
  record.warnings.push_back(
      fmt::format("{}: down to {:.0f} requests/s are what one CPU can do, and requests waited ever "
                  "longer",
                  section.title(), least));
}

bool is_slow(const LatencyChurn &churn) {
  const auto done = static_cast<double>(churn.operations);
  const double expected = churn.asked_per_second * churn.elapsed_s;
  return done < kLeastOfChurn * expected &&
         done < expected - kMostMissingDeviations * std::sqrt(expected);
}

void warn_of_slow_churn(const LatencySectionRecord &section, LatencyRecord &record) {
  for (const LatencyRowRecord &row : section.rows) {
    if (!row.churn || !is_slow(*row.churn)) continue;
    record.warnings.push_back(fmt::format("{}, {}: {:.0f} {} a second were made, not {:g}",
                                          section.title(), row.name, row.churn->per_second,
                                          row.churn->operation, row.churn->asked_per_second));
  }
}

}  // namespace

void report_section(const LatencySection &section, const std::vector<LatencyLane> &lanes,
                    LatencyRecord &record) {
  LatencySectionRecord reported{section.family.name, section.sockets, section.rate_per_second, {}};
  for (const LatencyLane &lane : lanes) reported.rows.push_back(report_row(lane, lanes));
  add_checks(lanes, reported.title(), record);
  warn_of_overload(reported, lanes, record);
  warn_of_slow_churn(reported, record);
  record.sections.push_back(std::move(reported));
}

}  // namespace sklab
