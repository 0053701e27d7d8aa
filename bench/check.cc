// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "bench/check.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <vector>

#include "harness/kernel/bpf_stats.h"

namespace sklab {
namespace {

constexpr uint64_t kMinLookups = 256;  // a multiple of every LookupsPerIteration and of kFloodBurst

Result<std::vector<uint64_t>> run_counts(const Lane &lane) {
  std::vector<uint64_t> counts;
  for (const Program &program : lane.programs) {
    SKLAB_TRY(const uint64_t count, run_count(program.fd()));
    counts.push_back(count);
  }
  return counts;
}

Result<> compare_run_counts(const Lane &lane, const std::vector<uint64_t> &seen,
                            const std::vector<uint64_t> &expected) {
  for (size_t i = 0; i < seen.size(); ++i) {
    if (seen[i] == expected[i]) continue;
    return fail_as(ErrorKind::kMismatch, "run",
                   fmt::format("program {} of {}: {} runs where {} are right", i + 1,
                               lane.programs.size(), seen[i], expected[i]));
  }
  return Ok{};
}

// Each of these returns how often every packet was looked up.

Result<uint64_t> look_up(const Lane &lane, BatchRunner &runner, std::optional<size_t> &selected) {
  const uint64_t passes = std::max<uint64_t>(kMinLookups / lane.target_count(), 1);
  SKLAB_TRY(const BatchResult result, runner.run_untimed(lane, passes * lane.target_count()));
  selected = SocketSet::index_of(result.last_mark);
  return passes;
}

// The path checks return code and selection itself.
Result<uint64_t> run_program_alone(const Lane &lane, BatchRunner &runner) {
  SKLAB_CHECK(runner.run_timed(lane, kMinLookups));
  return kMinLookups;
}

// The runner checks where the packets ended.
Result<uint64_t> flood(const Lane &lane, BatchRunner &runner, std::optional<size_t> &selected) {
  selected = SocketSet::index_of(lane.expectation.targets.front().mark_low);
  SKLAB_TRY(const uint64_t packets, runner.run_untimed_flood(lane, kMinLookups));
  return packets;
}

Result<uint64_t> run_once(const Lane &lane, BatchRunner &runner, std::optional<size_t> &selected) {
  switch (lane.spec.path) {
    case RowPath::kProbe:
      return look_up(lane, runner, selected);
    case RowPath::kTestRun:
      return run_program_alone(lane, runner);
    case RowPath::kFlood:
      return flood(lane, runner, selected);
  }
  return 0;
}

// How often each program has to run.
std::vector<uint64_t> expected_runs(const Lane &lane, uint64_t passes) {
  if (lane.spec.path == RowPath::kTestRun) return {passes};
  std::vector<uint64_t> expected;
  for (const uint64_t runs : lane.expectation.program_runs) expected.push_back(runs * passes);
  return expected;
}

}  // namespace

Result<> check_lane(Lane &lane, BatchRunner &runner, const PopulatedNetns &netns) {
  if (lane.is_empty_loop) return Ok{};
  SKLAB_TRY(const BpfStats stats, BpfStats::enable());
  SKLAB_TRY(const auto before, run_counts(lane));
  std::optional<size_t> selected;
  SKLAB_TRY(const uint64_t passes, run_once(lane, runner, selected));
  SKLAB_TRY(std::vector<uint64_t> seen, run_counts(lane));
  for (size_t i = 0; i < seen.size(); ++i) seen[i] -= before[i];
  SKLAB_CHECK(compare_run_counts(lane, seen, expected_runs(lane, passes)));
  lane.selected_socket = selected ? netns.population.sockets[*selected].name : "";
  if (lane.looks_up()) lane.verified_lookups += passes * lane.target_count();
  lane.program_runs.resize(seen.size());
  for (size_t i = 0; i < seen.size(); ++i) lane.program_runs[i] += seen[i];
  return Ok{};
}

}  // namespace sklab
