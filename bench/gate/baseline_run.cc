// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "bench/gate/baseline_run.h"

#include <fmt/format.h>

#include <chrono>
#include <ctime>

#include "bench/gate/evidence.h"
#include "bench/gate/gated_groups.h"
#include "bench/gate/lockstep.h"
#include "bench/gate/verdict.h"
#include "harness/base/utc_time.h"
#include "harness/measure/cpu.h"
#include "harness/measure/estimate.h"
#include "harness/measure/multiple_comparisons.h"

namespace sklab {
namespace {

class Recording {
 public:
  Recording(const BaselineOptions &options, GatedRows rows, KeySwitch key)
      : options_(options), gated_(std::move(rows)), key_(std::move(key)), random_(options.seed) {}

  Result<> record();
  [[nodiscard]] std::vector<BaselineRow> rows() const;
  [[nodiscard]] const std::string &version() const { return version_; }

 private:
  Result<> measure(const GatedGroup &group, BaselineSamples BaselineRow::*samples);
  Result<> add(const LockstepRow &measured, BaselineRow &row,
               BaselineSamples BaselineRow::*samples);
  [[nodiscard]] std::vector<size_t> measurable(const GatedGroup &group) const;

  const BaselineOptions &options_;
  GatedRows gated_;
  KeySwitch key_;
  std::mt19937_64 random_;
  std::vector<BaselineRow> rows_ = std::vector<BaselineRow>(gated_.rows.size());
  std::string version_;
  size_t measured_ = 0;  // groups, over all processes
};

std::vector<size_t> Recording::measurable(const GatedGroup &group) const {
  std::vector<size_t> rows;
  for (const size_t row : group.rows) {
    if (gated_.rows[row].skipped.empty()) rows.push_back(row);
  }
  return rows;
}

Result<> Recording::add(const LockstepRow &measured, BaselineRow &row,
                        BaselineSamples BaselineRow::*samples) {
  const LaneFacts &facts = measured.facts.front();
  if (!measured.failure.empty()) {
    return fail_as(ErrorKind::kMismatch, "record", facts.name, 0, measured.failure);
  }
  if (!row.name.empty() && row.counts != facts.counts) {
    return fail("record", facts.name, 0, "the sizes of its programs differ between processes");
  }
  if (measured.processes.empty()) {
    return fail_as(ErrorKind::kInconclusive, "record", facts.name, 0, measured.too_noisy);
  }
  row.name = facts.name;
  row.title = facts.title;
  row.path = facts.path;
  row.definition = facts.definition;
  row.counts = facts.counts;
  const LockstepSeries &series = measured.processes.front();
  (row.*samples).latency_ns.push_back(distribution_of(series.latency_ns).p50);
  if (series.empty_loop_ns) (row.*samples).empty_loop_ns.push_back(*series.empty_loop_ns);
  return Ok{};
}

Result<> Recording::measure(const GatedGroup &group, BaselineSamples BaselineRow::*samples) {
  const std::vector<size_t> rows = measurable(group);
  if (rows.empty()) return Ok{};
  LockstepPlan plan = plan_for(gated_, group, rows);
  plan.batch_ns = gate_batch_ns(options_.selection.quick);
  plan.seed = options_.seed;
  plan.cpu = options_.cpu;
  const auto all = static_cast<double>(2UL * options_.processes * gated_.groups.size());
  const auto progress = [&] {
    if (options_.progress) options_.progress(static_cast<double>(measured_) / all, group.name);
  };
  SKLAB_TRY(const LockstepResult result,
            run_lockstep(plan, {&options_.side}, key_, random_, progress));
  version_ = result.versions.front();
  for (size_t i = 0; i < rows.size(); ++i) {
    SKLAB_CHECK(add(result.rows[i], rows_[rows[i]], samples));
  }
  ++measured_;
  return Ok{};
}

Result<> Recording::record() {
  for (const auto samples : {&BaselineRow::first, &BaselineRow::second}) {
    for (unsigned process = 0; process < options_.processes; ++process) {
      for (const GatedGroup &group : gated_.groups) SKLAB_CHECK(measure(group, samples));
    }
  }
  return key_.set(false);
}

std::vector<BaselineRow> Recording::rows() const {
  std::vector<BaselineRow> measured = rows_;
  std::erase_if(measured, [](const BaselineRow &row) { return row.name.empty(); });
  return measured;
}

// With too few of them no difference between recordings would be significant.
Result<> check_processes(const BaselineOptions &options, size_t rows) {
  const double wanted = spent_alpha(kFalseAlarm, 1) / static_cast<double>(rows);
  size_t least = 1;
  while (smallest_rank_sum_p(least, least) > wanted) ++least;
  if (options.processes >= least) return Ok{};
  return fail_as(ErrorKind::kUsage, "tell recordings apart by",
                 std::to_string(options.processes) + " processes", 0,
                 fmt::format("{} rows take at least --processes {}", rows, least));
}

BaselineRecord empty_baseline(const BaselineOptions &options) {
  BaselineRecord record;
  record.recorded_utc = utc_time(std::time(nullptr));
  record.mode = options.selection.mode();
  record.command_line = options.command_line;
  record.seed = options.seed;
  record.batch_ns = gate_batch_ns(options.selection.quick);
  record.fingerprint = options.fingerprint;
  return record;
}

}  // namespace

Result<BaselineRecord> record_baseline(const BaselineOptions &options) {
  SKLAB_TRY(GatedRows rows, select_gated_rows(options.selection, options.object));
  SKLAB_CHECK(check_processes(options, rows.rows.size()));
  SKLAB_TRY(const auto cpus, allowed_cpus());
  SKLAB_TRY(KeySwitch key, KeySwitch::create());
  run_first();  // or the processes that measure would wait for this one
  BaselineRecord record = empty_baseline(options);
  record.cpu = measuring_cpu(options.cpu, cpus);
  record.cpus_allowed = cpus.size();
  const auto start = std::chrono::steady_clock::now();
  Recording recording(options, std::move(rows), std::move(key));
  SKLAB_CHECK(recording.record());
  record.rows = recording.rows();
  if (record.rows.empty()) {
    return fail_as(ErrorKind::kUnavailable, "record", "any of these rows", 0,
                   "they need more CPUs than this process may use");
  }
  record.fingerprint.sklab_version = recording.version();
  record.duration_s =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return record;
}

std::vector<GateRow> disagreements(const BaselineRecord &record, const Thresholds &thresholds) {
  std::vector<RowTally> tallies;
  for (const BaselineRow &row : record.rows) {
    BaselineRow first = row;
    first.second = {};  // nothing is known of the machine but one recording
    tallies.push_back(RowTally::against(first));
    tallies.back().candidate_ns = row.second.latency_ns;
  }
  std::vector<GateRow> rows = judge_latencies(tallies, thresholds, 1);
  std::erase_if(rows, [](const GateRow &row) {
    return row.verdict != Verdict::kRegression && row.verdict != Verdict::kImprovement;
  });
  return rows;
}

}  // namespace sklab
