// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// The rows of `sklab bench` as an ordinary Google Benchmark binary, with that library's flags,
// statistics and reporters. Rows run one after the other here, not interleaved: use `sklab bench`
// for differences between rows.
#include <benchmark/benchmark.h>

#include <cstdio>
#include <memory>
#include <optional>
#include <string>

#include "bench/check.h"
#include "bench/group_lanes.h"
#include "bench/group_session.h"
#include "bench/row.h"
#include "bench/suite.h"
#include "harness/base/exit_code.h"
#include "harness/kernel/features.h"
#include "harness/kernel/libbpf_log.h"
#include "harness/kernel/netns.h"

namespace sklab {
namespace {

constexpr double kBatchNs = 1e6;
constexpr uint64_t kSeed = 1;

// Google Benchmark runs rows in the order they were registered, so one open group is enough.
class OpenGroup {
 public:
  Result<GroupSession *> open(const GroupSpec &group) {
    if (session_ && group_ == group.name) return session_.get();
    SKLAB_CHECK(start());
    session_.reset();
    SKLAB_TRY(session_, GroupSession::open(group, *instruments_, kSeed));
    group_ = group.name;
    return session_.get();
  }

 private:
  Result<> start() {
    if (instruments_) return Ok{};
    SKLAB_CHECK(require_lookup_features());
    SKLAB_TRY(Instruments instruments, make_instruments(std::nullopt));
    instruments_.emplace(std::move(instruments));
    return Ok{};
  }

  std::optional<Instruments> instruments_;
  std::unique_ptr<GroupSession> session_;
  std::string group_;
};

// The library's own exit code is 0 even when rows fail.
ExitCode worst = ExitCode::kOk;

Result<> run_row(benchmark::State &state, OpenGroup &open, const GroupSpec &group, size_t row) {
  SKLAB_TRY(GroupSession *const session, open.open(group));
  Lane &lane = session->lanes[row];
  BatchRunner &runner = session->runner();
  const auto empty = empty_loop_of(session->lanes, lane);
  SKLAB_CHECK(check_lane(lane, runner, session->netns()));
  // Once a row: the library insists on equal iterations in all repetitions.
  if (lane.lookups == 0) {
    SKLAB_TRY(lane.lookups, session->calibrate(lane, kBatchNs));
  }
  const uint64_t batch = lane.lookups;
  while (state.KeepRunningBatch(static_cast<benchmark::IterationCount>(batch))) {
    SKLAB_TRY(double elapsed_ns, runner.run_timed(lane, batch));
    if (empty) {
      SKLAB_TRY(const double overhead_ns, runner.run_timed(session->lanes[*empty], batch));
      elapsed_ns -= overhead_ns;
    }
    state.SetIterationTime(elapsed_ns * 1e-9);
  }
  return check_lane(lane, runner, session->netns());
}

void run_and_report(benchmark::State &state, OpenGroup &open, const GroupSpec &group, size_t row) {
  const auto result = run_row(state, open, group, row);
  if (result) return;
  const std::string message = result.error().message();
  state.SkipWithError(message.c_str());
  const ExitCode code = exit_code_for(result.error().kind);
  if (worst == ExitCode::kOk || code == ExitCode::kFinding) worst = code;
}

void register_rows(OpenGroup &open) {
  for (const GroupSpec &group : all_groups()) {
    for (size_t row = 0; row < group.rows.size(); ++row) {
      if (group.rows[row].role != Role::kRow) continue;
      benchmark::RegisterBenchmark(group.rows[row].name.c_str(), [&open, &group,
                                                                  row](benchmark::State &state) {
        run_and_report(state, open, group, row);
      })->UseManualTime();
    }
  }
}

ExitCode run(int argc, char **argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return ExitCode::kUsage;
  set_up_libbpf_log();
  // Without the privilege for it, listing still works, and the first row says what is missing.
  const auto isolated = isolate_process();
  OpenGroup open;
  register_rows(open);
  const size_t matched = benchmark::RunSpecifiedBenchmarks();
  if (!isolated && worst != ExitCode::kOk) return exit_code_for(isolated.error().kind);
  return matched == 0 ? ExitCode::kUsage : worst;
}

}  // namespace
}  // namespace sklab

int main(int argc, char **argv) { return static_cast<int>(sklab::run(argc, argv)); }
