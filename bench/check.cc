// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "bench/check.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/kernel/bpf_stats.h"

namespace sklab {
namespace {

constexpr uint64_t kMinLookups = 256;  // a multiple of every LookupsPerIteration

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

Result<> check_lookups(Lane &lane, BatchRunner &runner, const PopulatedNetns &netns,
                       uint64_t passes) {
  const uint64_t lookups = passes * lane.target_count();
  SKLAB_TRY(const BatchResult result, runner.run_untimed(lane, lookups));
  const auto index = SocketSet::index_of(result.last_mark);
  lane.selected_socket = index ? netns.population.sockets[*index].name : "";
  lane.verified_lookups += lookups;
  return Ok{};
}

}  // namespace

Result<> check_lane(Lane &lane, BatchRunner &runner, const PopulatedNetns &netns) {
  if (lane.is_empty_loop) return Ok{};
  const bool program_alone = lane.spec.path == RowPath::kTestRun;
  const uint64_t passes =
      program_alone ? kMinLookups : std::max<uint64_t>(kMinLookups / lane.target_count(), 1);
  SKLAB_TRY(const BpfStats stats, BpfStats::enable());
  SKLAB_TRY(const auto before, run_counts(lane));
  std::vector<uint64_t> expected;
  if (program_alone) {
    // The path checks return code and selection itself.
    SKLAB_CHECK(runner.run_timed(lane, passes));
    expected.push_back(passes);
    lane.verified_lookups += passes;
  } else {
    SKLAB_CHECK(check_lookups(lane, runner, netns, passes));
    for (const uint64_t runs : lane.expectation.program_runs) {
      expected.push_back(runs * passes);
    }
  }
  SKLAB_TRY(std::vector<uint64_t> seen, run_counts(lane));
  for (size_t i = 0; i < seen.size(); ++i) seen[i] -= before[i];
  SKLAB_CHECK(compare_run_counts(lane, seen, expected));
  lane.program_runs.resize(seen.size());
  for (size_t i = 0; i < seen.size(); ++i) lane.program_runs[i] += seen[i];
  return Ok{};
}

}  // namespace sklab
