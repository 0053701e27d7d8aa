// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "bench/gate/lockstep.h"

#include <algorithm>
#include <chrono>
#include <numeric>

#include "harness/measure/estimate.h"
#include "harness/measure/interleave.h"
#include "harness/measure/interrupt.h"

namespace sklab {
namespace {

constexpr unsigned kLeastRounds = 7;
constexpr unsigned kMostRounds = 200;

struct LaneState {
  std::string failure;
  uint64_t lookups = 0;  // of a batch, the same in all processes
  uint32_t burn = 0;
  std::vector<std::vector<double>> latency_ns;  // of each process, a round each
};

class Lockstep {
 public:
  Lockstep(const LockstepPlan &plan, const std::vector<const Side *> &sides, KeySwitch &key,
           std::mt19937_64 &random, const std::function<void()> &progress)
      : plan_(plan),
        sides_(sides),
        key_(key),
        random_(random),
        progress_(progress),
        turns_(random(), std::vector<unsigned>(sides.size())),
        facts_(sides.size()),
        versions_(sides.size()) {}

  Result<> open();
  // Every lane of every process does what the model says, or has a failure from then on.
  Result<> check();
  // For as long as all before took: then neither more rounds nor more processes would be better for
  // the time that there is.
  Result<> run();
  [[nodiscard]] LockstepResult result() const;

 private:
  Result<> same_lanes() const;
  Result<> ask_all(size_t lane, const std::string &what);
  Result<> take(size_t lane, size_t process, const GateRequest &request);
  Result<> each_lane(const std::vector<size_t> &order, const std::string &what);
  [[nodiscard]] std::vector<unsigned> phases() const;
  [[nodiscard]] LockstepSeries series_of(size_t lane, size_t process) const;
  [[nodiscard]] LockstepRow row_of(size_t lane) const;

  const LockstepPlan &plan_;
  const std::vector<const Side *> &sides_;
  KeySwitch &key_;
  std::mt19937_64 &random_;
  const std::function<void()> &progress_;
  RoundOrder turns_;  // of the processes
  std::vector<WorkerProcess> processes_;
  std::vector<std::vector<LaneFacts>> facts_;
  std::vector<std::string> versions_;
  std::vector<LaneState> lanes_;
  std::chrono::steady_clock::time_point opened_ = std::chrono::steady_clock::now();
};

Result<> Lockstep::open() {
  std::vector<std::optional<WorkerProcess>> started(sides_.size());
  GateRequest request{"open", plan_.group, plan_.rows, plan_.seed, plan_.batch_ns, 0, 0, 0};
  SKLAB_CHECK(key_.set(false));
  // In random order: the first may well get better memory.
  for (const size_t i : turns_.next()) {
    SKLAB_TRY(WorkerProcess process, WorkerProcess::start(*sides_[i], plan_.cpu));
    started[i].emplace(std::move(process));
    SKLAB_TRY(GateReply reply, started[i]->ask(request));
    facts_[i] = std::move(reply.lanes);
    versions_[i] = std::move(reply.sklab_version);
    progress_();
  }
  for (auto &process : started) processes_.push_back(std::move(*process));
  lanes_.resize(facts_[0].size());
  for (size_t lane = 0; lane < lanes_.size(); ++lane) {
    const auto known = plan_.burn.find(facts_[0][lane].name);
    if (known != plan_.burn.end()) lanes_[lane].burn = known->second;
    lanes_[lane].latency_ns.resize(sides_.size());
  }
  return same_lanes();
}

Result<> Lockstep::same_lanes() const {
  for (size_t i = 1; i < sides_.size(); ++i) {
    for (size_t lane = 0; lane < std::max(facts_[0].size(), facts_[i].size()); ++lane) {
      const bool both = lane < facts_[0].size() && lane < facts_[i].size();
      if (both && facts_[0][lane].name == facts_[i][lane].name &&
          facts_[0][lane].path == facts_[i][lane].path &&
          facts_[0][lane].definition == facts_[i][lane].definition) {
        continue;
      }
      return fail_as(ErrorKind::kUsage, "compare", both ? facts_[0][lane].name : plan_.group, 0,
                     "it is not the same row in base and candidate");
    }
  }
  return Ok{};
}

Result<> Lockstep::take(size_t lane, size_t process, const GateRequest &request) {
  LaneState &state = lanes_[lane];
  SKLAB_TRY(const GateReply reply, processes_[process].ask(request));
  if (!reply.failure.empty()) {
    state.failure = sides_[process]->name + ": " + reply.failure;
  } else if (request.what == "run") {
    state.latency_ns[process].push_back(reply.latency_ns);
  } else {
    state.lookups = reply.lookups;
    state.burn = std::max(state.burn, reply.burn);
  }
  return Ok{};
}

Result<> Lockstep::ask_all(size_t lane, const std::string &what) {
  for (const size_t process : turns_.next()) {
    if (!lanes_[lane].failure.empty()) return Ok{};
    if (interrupted()) return fail("measure", "", EINTR, "interrupted");
    SKLAB_CHECK(
        take(lane, process, {what, "", {}, 1, 0, lane, lanes_[lane].lookups, lanes_[lane].burn}));
  }
  progress_();
  return Ok{};
}

Result<> Lockstep::each_lane(const std::vector<size_t> &order, const std::string &what) {
  for (const size_t lane : order) {
    const LaneFacts &facts = facts_[0][lane];
    if (!facts.ignores_key) SKLAB_CHECK(key_.set(facts.wants_key_on));
    SKLAB_CHECK(ask_all(lane, what));
  }
  return Ok{};
}

std::vector<unsigned> Lockstep::phases() const {
  std::vector<unsigned> phases;
  for (const LaneFacts &facts : facts_[0]) {
    phases.push_back(!facts.ignores_key && facts.wants_key_on ? 1 : 0);
  }
  return phases;
}

Result<> Lockstep::check() {
  // Empty loops first: what a lookup takes is calibrated without them.
  std::vector<size_t> order(lanes_.size());
  std::iota(order.begin(), order.end(), 0);
  const auto phase = phases();
  const auto place = [&](size_t lane) {
    return std::pair(!facts_[0][lane].is_empty_loop, phase[lane]);
  };
  std::stable_sort(order.begin(), order.end(),
                   [&](size_t a, size_t b) { return place(a) < place(b); });
  return each_lane(order, "check");
}

Result<> Lockstep::run() {
  RoundOrder order(random_(), phases());
  const auto measuring = std::chrono::steady_clock::now();
  const auto long_enough = [&] {
    return std::chrono::steady_clock::now() - measuring > measuring - opened_;
  };
  for (unsigned round = 0; round < kMostRounds && (round < kLeastRounds || !long_enough());
       ++round) {
    SKLAB_CHECK(each_lane(order.next(), "run"));
  }
  return Ok{};
}

LockstepSeries Lockstep::series_of(size_t lane, size_t process) const {
  LockstepSeries series{lanes_[lane].latency_ns[process], std::nullopt};
  const int empty = facts_[process][lane].empty_loop;
  if (empty < 0) return series;
  series.empty_loop_ns =
      distribution_of(lanes_[static_cast<size_t>(empty)].latency_ns[process]).p50;
  for (double &value : series.latency_ns) value -= *series.empty_loop_ns;
  return series;
}

LockstepRow Lockstep::row_of(size_t lane) const {
  LockstepRow row;
  row.failure = lanes_[lane].failure;
  row.burn = lanes_[lane].burn;
  for (size_t process = 0; process < sides_.size(); ++process) {
    row.facts.push_back(facts_[process][lane]);
    if (row.failure.empty()) row.processes.push_back(series_of(lane, process));
  }
  if (!row.failure.empty()) return row;
  drop_senseless_rounds(row.processes);
  if (row.processes[0].latency_ns.size() < kLeastRounds) {
    row.too_noisy = "its lookups take no longer than the empty loop, too often";
    row.processes.clear();
  }
  return row;
}

LockstepResult Lockstep::result() const {
  LockstepResult result{{}, versions_};
  for (size_t lane = 0; lane < lanes_.size(); ++lane) {
    if (!facts_[0][lane].is_empty_loop) result.rows.push_back(row_of(lane));
  }
  return result;
}

}  // namespace

Result<LockstepResult> run_lockstep(const LockstepPlan &plan,
                                    const std::vector<const Side *> &sides, KeySwitch &key,
                                    std::mt19937_64 &random,
                                    const std::function<void()> &progress) {
  Lockstep lockstep(plan, sides, key, random, progress);
  SKLAB_CHECK(lockstep.open());
  SKLAB_CHECK(lockstep.check());
  SKLAB_CHECK(lockstep.run());
  SKLAB_CHECK(lockstep.check());
  return lockstep.result();
}

}  // namespace sklab
