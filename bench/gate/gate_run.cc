// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "bench/gate/gate_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <ctime>

#include "bench/gate/verdict.h"
#include "bench/suite.h"
#include "harness/base/utc_time.h"
#include "harness/measure/cpu.h"

namespace sklab {
namespace {

constexpr double kQuickBatchNs = 3e5;
constexpr double kBatchNs = 7e5;
constexpr double kGrowth = 1.3;  // of the samples, from one look to the next

// A group, and where its rows are among all tallies.
struct GatedGroup {
  std::string name;
  std::vector<size_t> rows;
};

// Many processes measure each group: what `bench --quick` measures would take minutes.
bool is_quick(const GroupSpec &group) {
  return group.name == "udp4" || group.name == "udp4_programs";
}

class Gate {
 public:
  explicit Gate(const GateOptions &options, KeySwitch key)
      : options_(options), key_(std::move(key)), random_(options.seed) {}

  void select(const std::vector<GroupSpec> &groups, size_t cpus);
  // Errors: kUsage if nothing was selected.
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
  Result<> compare(const GatedGroup &group);
  void look();

  const GateOptions &options_;
  KeySwitch key_;
  std::mt19937_64 random_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  std::vector<GatedGroup> groups_;
  std::vector<RowTally> tallies_;
  std::map<std::string, uint32_t> burn_;  // of each row, for sides that are slowed down
  std::vector<bool> decided_;
  std::vector<GateRow> judged_;          // each when it was decided, or by the last look
  std::array<std::string, 2> versions_;  // of the builds of base and candidate
  unsigned look_ = 0;
};

void Gate::select(const std::vector<GroupSpec> &groups, size_t cpus) {
  for (const GroupSpec &group : groups) {
    if (options_.selection.quick && !is_quick(group)) continue;
    GatedGroup gated{group.name, {}};
    for (const RowSpec &row : group.rows) {
      if (row.role != Role::kRow) continue;
      gated.rows.push_back(tallies_.size());
      RowTally tally;
      tally.name = row.name;
      tally.title = row.title;
      tally.skipped = row.reason_to_skip(cpus);
      if (row.path != RowPath::kProbe && !options_.candidate.slowdown.empty()) {
        tally.skipped = "only lookups that the probe makes can be slowed down";
      }
      decided_.push_back(!tally.skipped.empty());
      tallies_.push_back(std::move(tally));
    }
    groups_.push_back(std::move(gated));
  }
}

std::vector<size_t> Gate::undecided_of(const GatedGroup &group) const {
  std::vector<size_t> rows;
  for (const size_t row : group.rows) {
    if (!decided_[row]) rows.push_back(row);
  }
  return rows;
}

Result<> Gate::compare(const GatedGroup &group) {
  const auto rows = undecided_of(group);
  if (rows.empty()) return Ok{};
  LockstepPlan plan;
  plan.group = group.name;
  for (const size_t row : rows) plan.rows.push_back(tallies_[row].name);
  plan.batch_ns = options_.selection.quick ? kQuickBatchNs : kBatchNs;
  plan.cpu = options_.cpu;
  plan.burn = burn_;
  const auto progress = [&] {
    if (!options_.progress) return;
    options_.progress(elapsed_s(), fmt::format("{}: {} of {} rows undecided", group.name,
                                               undecided(), tallies_.size()));
  };
  SKLAB_TRY(const GroupComparison comparison,
            compare_group(plan, options_.base, options_.candidate, key_, random_, progress));
  versions_ = {comparison.base_version, comparison.candidate_version};
  for (size_t i = 0; i < rows.size(); ++i) {
    tallies_[rows[i]].add(comparison.rows[i]);
    burn_[tallies_[rows[i]].name] = comparison.rows[i].burn;
    if (!tallies_[rows[i]].failure.empty()) decided_[rows[i]] = true;
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
  const std::vector<GateRow> counts = judge_counts(tallies_);
  rows.insert(rows.end(), counts.begin(), counts.end());
  return rows;
}

Result<> Gate::run() {
  if (tallies_.empty()) {
    return fail_as(ErrorKind::kUsage, "gate", "'" + options_.selection.filter + "'", 0,
                   "none of the rows of a quick gate matches: leave --quick out");
  }
  auto next_look = static_cast<double>(least_samples(tallies_.size()));
  double longest_s = 0;
  for (double samples = 2; undecided() > 0; samples += 2) {
    const double before_s = elapsed_s();
    for (const GatedGroup &group : groups_) SKLAB_CHECK(compare(group));
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
  record.kind = "side_by_side";
  record.mode = options.selection.quick ? "quick" : "default";
  record.command_line = options.command_line;
  record.seed = options.seed;
  record.base = {options.base.name, options.base.describe(), options.fingerprint};
  record.candidate = {options.candidate.name, options.candidate.describe(), options.fingerprint};
  record.warnings = kernel_warnings(options.fingerprint);
  return record;
}

}  // namespace

Result<GateRecord> run_gate(const GateOptions &options) {
  SKLAB_TRY(const auto groups, select_groups(options.selection));
  SKLAB_TRY(const auto cpus, allowed_cpus());
  SKLAB_TRY(KeySwitch key, KeySwitch::create());
  run_first();  // or the processes that measure would wait for this one
  GateRecord record = start_record(options);
  const auto start = std::chrono::steady_clock::now();
  Gate gate(options, std::move(key));
  gate.select(groups, cpus.size());
  SKLAB_CHECK(gate.run());
  record.rows = gate.rows();
  record.base.fingerprint.sklab_version = gate.versions()[0];
  record.candidate.fingerprint.sklab_version = gate.versions()[1];
  record.verdict = overall_verdict(record.rows);
  record.duration_s =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return record;
}

}  // namespace sklab
