// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "bench/gate/gate_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <ctime>

#include "bench/gate/comparability.h"
#include "bench/gate/comparison.h"
#include "bench/gate/gated_groups.h"
#include "bench/gate/verdict.h"
#include "bench/suite.h"
#include "harness/base/utc_time.h"
#include "harness/measure/cpu.h"

namespace sklab {
namespace {

constexpr double kGrowth = 1.3;  // of the samples, from one look to the next

class Gate {
 public:
  Gate(const GateOptions &options, GatedRows rows, KeySwitch key);

  Result<> run();
  [[nodiscard]] std::vector<GateRow> rows() const;
  [[nodiscard]] const std::array<std::string, 2> &versions() const { return versions_; }

 private:
  [[nodiscard]] double elapsed_s() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  }
  [[nodiscard]] std::vector<size_t> undecided_of(const GatedGroup &group) const;
  [[nodiscard]] size_t undecided() const {
    return static_cast<size_t>(std::count(decided_.begin(), decided_.end(), false));
  }
  [[nodiscard]] LockstepPlan plan_of(const GatedGroup &group, const std::vector<size_t> &rows);
  void show_progress(const GatedGroup &group) const;
  Result<> compare(const GatedGroup &group);
  Result<> compare_sides(const LockstepPlan &plan, const std::vector<size_t> &rows,
                         const std::function<void()> &progress);
  Result<> compare_with_baseline(const LockstepPlan &plan, const std::vector<size_t> &rows,
                                 const std::function<void()> &progress);
  void look();

  const GateOptions &options_;
  GatedRows gated_;
  KeySwitch key_;
  std::mt19937_64 random_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  std::vector<RowTally> tallies_;
  std::map<std::string, uint32_t> burn_;  // of each row, for sides that are slowed down
  std::vector<bool> decided_;
  std::vector<GateRow> judged_;          // each when it was decided, or by the last look
  std::array<std::string, 2> versions_;  // of the builds of base and candidate
  unsigned look_ = 0;
};

RowTally start_tally(const GatedRow &row, const GateOptions &options) {
  RowTally tally;
  if (options.baseline) {
    const auto &rows = options.baseline->rows;
    tally = RowTally::against(*std::find_if(
        rows.begin(), rows.end(), [&](const BaselineRow &base) { return base.name == row.name; }));
  }
  tally.name = row.name;
  tally.title = row.title;
  tally.skipped = row.skipped;
  if (!row.has_probe && !options.candidate.slowdown.empty()) {
    tally.skipped = "only lookups that the probe makes can be slowed down";
  }
  return tally;
}

Gate::Gate(const GateOptions &options, GatedRows rows, KeySwitch key)
    : options_(options), gated_(std::move(rows)), key_(std::move(key)), random_(options.seed) {
  for (const GatedRow &row : gated_.rows) {
    tallies_.push_back(start_tally(row, options));
    decided_.push_back(!tallies_.back().skipped.empty());
  }
}

std::vector<size_t> Gate::undecided_of(const GatedGroup &group) const {
  std::vector<size_t> rows;
  for (const size_t row : group.rows) {
    // One that failed is decided by the next look, and not measured until then.
    if (!decided_[row] && tallies_[row].failure.empty()) rows.push_back(row);
  }
  return rows;
}

LockstepPlan Gate::plan_of(const GatedGroup &group, const std::vector<size_t> &rows) {
  LockstepPlan plan = plan_for(gated_, group, rows);
  plan.batch_ns =
      options_.baseline ? options_.baseline->batch_ns : gate_batch_ns(options_.selection.quick);
  plan.seed = options_.baseline ? options_.baseline->seed : random_() >> 1U;
  plan.cpu = options_.cpu;
  plan.burn = burn_;
  return plan;
}

void Gate::show_progress(const GatedGroup &group) const {
  if (!options_.progress) return;
  options_.progress(elapsed_s(), fmt::format("{}: {} of {} rows undecided", group.name, undecided(),
                                             tallies_.size()));
}

Result<> Gate::compare(const GatedGroup &group) {
  const auto rows = undecided_of(group);
  if (rows.empty()) return Ok{};
  const LockstepPlan plan = plan_of(group, rows);
  const auto progress = [&] { show_progress(group); };
  return options_.baseline ? compare_with_baseline(plan, rows, progress)
                           : compare_sides(plan, rows, progress);
}

Result<> Gate::compare_sides(const LockstepPlan &plan, const std::vector<size_t> &rows,
                             const std::function<void()> &progress) {
  SKLAB_TRY(const GroupComparison comparison,
            compare_group(plan, options_.base, options_.candidate, key_, random_, progress));
  versions_ = {comparison.base_version, comparison.candidate_version};
  for (size_t i = 0; i < rows.size(); ++i) {
    tallies_[rows[i]].add(comparison.rows[i]);
    burn_[plan.rows[i]] = comparison.rows[i].burn;
  }
  return Ok{};
}

Result<> Gate::compare_with_baseline(const LockstepPlan &plan, const std::vector<size_t> &rows,
                                     const std::function<void()> &progress) {
  SKLAB_TRY(const LockstepResult result,
            run_lockstep(plan, {&options_.candidate}, key_, random_, progress));
  versions_ = {options_.baseline->fingerprint.sklab_version, result.versions.front()};
  for (size_t i = 0; i < rows.size(); ++i) {
    SKLAB_CHECK(tallies_[rows[i]].add(result.rows[i]));
    burn_[plan.rows[i]] = result.rows[i].burn;
  }
  return Ok{};
}

void Gate::look() {
  auto judged = judge_latencies(tallies_, options_.thresholds, ++look_);
  const bool first = judged_.empty();
  if (first) judged_.resize(judged.size());
  for (size_t i = 0; i < tallies_.size(); ++i) {
    // What was decided stays: later looks ask for more.
    if (!decided_[i] || first) judged_[i] = std::move(judged[i]);
    if (judged_[i].verdict != Verdict::kInconclusive) decided_[i] = true;
  }
}

std::vector<GateRow> Gate::rows() const {
  std::vector<GateRow> rows = judged_;
  const std::vector<GateRow> counts = judge_counts(tallies_, options_.thresholds);
  rows.insert(rows.end(), counts.begin(), counts.end());
  return rows;
}

Result<> Gate::run() {
  auto next_look = static_cast<double>(least_samples(tallies_));
  double longest_s = 0;
  const double each = options_.baseline ? 1 : 2;  // a comparison of two sides gives two samples
  for (double samples = each; undecided() > 0; samples += each) {
    const double before_s = elapsed_s();
    for (const GatedGroup &group : gated_.groups) SKLAB_CHECK(compare(group));
    longest_s = std::max(longest_s, elapsed_s() - before_s);
    const bool last = elapsed_s() + longest_s > options_.seconds;
    if (samples >= next_look || last) {
      look();
      next_look = samples * kGrowth;
    }
    if (last) break;
  }
  if (judged_.empty()) look();  // nothing that could be measured
  return key_.set(false);
}

GateRecord start_record(const GateOptions &options) {
  GateRecord record;
  record.started_utc = utc_time(std::time(nullptr));
  record.kind = options.baseline ? "baseline" : "side_by_side";
  record.mode = options.selection.mode();
  record.command_line = options.command_line;
  record.seed = options.seed;
  record.base = {options.base.name, options.base.describe(), options.fingerprint};
  record.candidate = {options.candidate.name, options.candidate.describe(), options.fingerprint};
  record.warnings = kernel_warnings(options.fingerprint);
  if (options.baseline) record.base.fingerprint = options.baseline->fingerprint;
  return record;
}

// The rows to gate, and warnings about what a baseline leaves out.
Result<GatedRows> rows_to_gate(const GateOptions &options, std::vector<std::string> &warnings) {
  SKLAB_TRY(GatedRows rows, select_gated_rows(options.selection, options.object));
  if (!options.baseline) return rows;
  const auto warn = [&](const std::vector<std::string> &more) {
    warnings.insert(warnings.end(), more.begin(), more.end());
  };
  SKLAB_TRY(const auto cpus, allowed_cpus());
  SKLAB_TRY(const auto machine,
            check_same_machine(
                *options.baseline,
                measuring_facts(options.fingerprint, measuring_cpu(options.cpu, cpus), cpus.size()),
                options.allowed_mismatch));
  warn(machine);
  const bool asked_for = !options.selection.filter.empty() ||
                         (options.selection.quick && options.baseline->mode != "quick");
  SKLAB_TRY(const auto left_out, keep_rows_of(*options.baseline, asked_for, rows));
  warn(left_out);
  return rows;
}

}  // namespace

Result<GateRecord> run_gate(const GateOptions &options) {
  GateRecord record = start_record(options);
  SKLAB_TRY(GatedRows rows, rows_to_gate(options, record.warnings));
  SKLAB_TRY(KeySwitch key, KeySwitch::create());
  run_first();  // or the processes that measure would wait for this one
  const auto start = std::chrono::steady_clock::now();
  Gate gate(options, std::move(rows), std::move(key));
  SKLAB_CHECK(gate.run());
  record.rows = gate.rows();
  if (!gate.versions()[0].empty()) {  // something was measured
    record.base.fingerprint.sklab_version = gate.versions()[0];
    record.candidate.fingerprint.sklab_version = gate.versions()[1];
  }
  record.verdict = overall_verdict(record.rows);
  record.duration_s =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return record;
}

}  // namespace sklab
