// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "bench/gate/verdict.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "bench/gate/evidence.h"
#include "harness/measure/decision.h"
#include "harness/measure/multiple_comparisons.h"

namespace sklab {
namespace {

constexpr size_t kMostNeeded = 20;

GateRow start_row(const RowTally &tally, std::string quantity) {
  GateRow row;
  row.name = tally.name;
  row.title = tally.title;
  row.path = tally.path;
  row.quantity = std::move(quantity);
  return row;
}

// Changes up to this are none.
double tolerance_of(const GateRow &row) {
  const double absolute = row.base.value > 0 ? row.absolute_floor / row.base.value : 0;
  return std::max(row.threshold, absolute);
}

// Noise may hide a change, but must not make one; nor may it make what is hidden no change.
double margin_of(const GateRow &row) { return std::max(tolerance_of(row), row.noise_floor); }

GateRow latency_row(const RowTally &tally, const Threshold &threshold, double confidence) {
  GateRow row = start_row(tally, "latency_ns");
  row.threshold = threshold.change;
  row.absolute_floor = threshold.absolute_floor_ns;
  row.confidence = confidence;
  // Once the kernel did something else than it should, no earlier number counts either.
  if (!tally.failure.empty() || !tally.skipped.empty()) return row;
  row.samples = tally.candidate_ns.size();
  row.base_samples = tally.base_ns;
  row.candidate_samples = tally.candidate_ns;
  if (!has_samples(tally)) return row;
  row.base = median_estimate(tally.base_ns);
  row.candidate = median_estimate(tally.candidate_ns);
  const Evidence evidence = evidence_of(tally, confidence);
  row.change = evidence.change;
  row.noise_floor = evidence.noise_floor;
  row.p_value = p_beyond(tally, margin_of(row));
  return row;
}

std::string percent(double fraction) { return fmt::format("{:.2f} %", fraction * 100); }

// Whether all of the interval is an amount that does not count. A machine that surely became slower
// or faster may hide as much of a change, so that much less is let pass.
bool is_no_change(const GateRow &row, double drift) {
  const double tolerance = tolerance_of(row);
  return drift < tolerance &&
         lies_within(row.change, -tolerance / (1 + tolerance) + drift, tolerance - drift);
}

// Why it is neither a change nor none, and about how many more processes would decide.
void explain_inconclusive(GateRow &row, const RowTally &tally, double drift) {
  row.verdict = Verdict::kInconclusive;
  const double change = std::abs(row.change.value);
  const double tolerance = tolerance_of(row);
  const bool beyond = row.change.low > tolerance || row.change.high < -tolerance / (1 + tolerance);
  if (drift >= tolerance) {
    row.reason =
        fmt::format("the machine itself is at least {} off since the baseline", percent(drift));
    return;
  }
  if (beyond && row.noise_floor >= change) {
    row.reason =
        fmt::format("beyond {}, but so is noise: {}", percent(tolerance), percent(row.noise_floor));
    return;
  }
  row.reason = beyond ? fmt::format("beyond {}, but not yet surely", percent(tolerance))
                      : fmt::format("the interval is on both sides of {}", percent(tolerance));
  // Side by side more processes make noise smaller, too; a baseline's stays.
  const double edge = tally.baseline ? margin_of(row) : tolerance;
  const double distance = std::abs(change - edge);
  if (distance > 0) row.further_samples = further_samples(row.samples, row.change, distance);
}

void decide_latency(GateRow &row, const RowTally &tally, double alpha) {
  if (!tally.skipped.empty()) {
    row.verdict = Verdict::kSkipped;
    row.reason = tally.skipped;
  } else if (!tally.failure.empty()) {
    row.verdict = Verdict::kFailed;
    row.reason = tally.failure;
  } else if (row.samples == 0) {
    row.reason = tally.too_noisy.empty() ? "there was no time to measure it" : tally.too_noisy;
  } else if (row.p_adjusted <= alpha) {
    const bool slower = row.change.value > 0;
    row.verdict = slower ? Verdict::kRegression : Verdict::kImprovement;
    row.reason =
        fmt::format("{} by more than {}", slower ? "slower" : "faster", percent(margin_of(row)));
  } else if (const double drift = machine_drift(tally); is_no_change(row, drift)) {
    row.verdict = Verdict::kNoChange;
    row.reason = fmt::format("within {}", percent(tolerance_of(row)));
  } else {
    explain_inconclusive(row, tally, drift);
  }
}

GateRow count_row(const RowTally &tally, const std::string &name,
                  const std::array<std::set<uint64_t>, 2> &values) {
  GateRow row = start_row(tally, name);
  row.samples = tally.candidate_ns.size();
  row.confidence = 1;
  row.p_value = row.p_adjusted = 0;
  const auto constant = [](const std::set<uint64_t> &of_side) { return of_side.size() == 1; };
  if (!constant(values[0]) || !constant(values[1])) {
    row.reason = values[0].empty() || values[1].empty()
                     ? "one of the sides does not have it"
                     : "it differs between processes of the same side";
    return row;
  }
  row.base.value = static_cast<double>(*values[0].begin());
  row.candidate.value = static_cast<double>(*values[1].begin());
  return row;
}

}  // namespace

size_t least_samples(const std::vector<RowTally> &tallies) {
  // Holm multiplies the smallest p by the rows.
  const double wanted = spent_alpha(kFalseAlarm, 1) / static_cast<double>(tallies.size());
  size_t least = 1;
  for (const RowTally &tally : tallies) {
    // With enough processes of one side only, more of the other do not help: hence a limit.
    const auto too_few = [&] {
      return tally.baseline
                 ? least < kMostNeeded && smallest_rank_sum_p(tally.base_ns.size(), least) > wanted
                 : std::ldexp(2, -static_cast<int>(least)) > wanted;
    };
    while (too_few()) ++least;
  }
  return least;
}

void judge_count(GateRow &row, double base, double candidate, double growth) {
  const double change = base > 0 ? candidate / base - 1 : 0;
  row.base = {base, base, base};
  row.candidate = {candidate, candidate, candidate};
  row.change = {change, change, change};
  row.confidence = 1;
  row.p_value = row.p_adjusted = 0;
  row.threshold = growth;
  const double more = candidate - base;
  const bool grew = candidate > base * (1 + growth);
  row.verdict = grew ? Verdict::kRegression : more < 0 ? Verdict::kImprovement : Verdict::kNoChange;
  row.reason = more == 0 ? "equal" : fmt::format("{:+} exactly", more);
  if (more > 0 && !grew) row.reason += ", within " + percent(growth);
}

std::vector<GateRow> judge_latencies(const std::vector<RowTally> &tallies,
                                     const Thresholds &thresholds, unsigned look) {
  const double confidence = 1 - 2 * spent_alpha(kFalseAllClear, look);
  std::vector<GateRow> rows;
  std::vector<double> p_values;
  for (const RowTally &tally : tallies) {
    rows.push_back(latency_row(tally, thresholds.of(tally.name), confidence));
    p_values.push_back(rows.back().p_value);
  }
  const std::vector<double> adjusted = holm_adjusted(p_values);
  for (size_t i = 0; i < tallies.size(); ++i) {
    rows[i].p_adjusted = adjusted[i];
    decide_latency(rows[i], tallies[i], spent_alpha(kFalseAlarm, look));
  }
  return rows;
}

std::vector<GateRow> judge_counts(const std::vector<RowTally> &tallies,
                                  const Thresholds &thresholds) {
  std::vector<GateRow> rows;
  for (const RowTally &tally : tallies) {
    if (!tally.skipped.empty()) continue;  // a baseline has counts of it all the same
    for (const auto &[name, values] : tally.counts) {
      GateRow row = count_row(tally, name, values);
      if (row.reason.empty()) {  // it can be compared
        judge_count(row, row.base.value, row.candidate.value,
                    thresholds.of(tally.name).size_growth);
      }
      rows.push_back(std::move(row));
    }
  }
  return rows;
}

Verdict overall_verdict(const std::vector<GateRow> &rows) {
  Verdict overall = Verdict::kSkipped;
  for (const GateRow &row : rows) overall = std::min(overall, row.verdict);
  return overall;
}

}  // namespace sklab
