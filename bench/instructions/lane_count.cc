// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "bench/instructions/lane_count.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <map>

#include "harness/measure/interrupt.h"

namespace sklab {
namespace {

constexpr uint64_t kMostLookups = 256;
constexpr uint64_t kLeastLookups = 16;  // what every LookupsPerIteration divides
// A timer that ticks a thousand times a second does so every million instructions.
constexpr uint64_t kMostInstructions = 300'000;
constexpr int kAgreeing = 3;
constexpr int kMostTries = 100;

}  // namespace

Result<std::optional<uint64_t>> LaneCounter::run(const Lane &lane, const BatchPiece &piece) {
  std::optional<uint64_t> call;
  SKLAB_TRY(const uint64_t elapsed,
            session_.runner().run_piece(
                lane, piece, [&] { clock_.begin(); }, [&] { call = clock_.end(); }));
  // A program by itself is timed by nothing inside the call.
  if (call && lane.spec.path == RowPath::kProbe) return std::optional(elapsed);
  return call;
}

Result<int64_t> LaneCounter::settle(const Lane &lane, const BatchPiece &piece) {
  BatchPiece twice = piece;
  twice.lookups *= 2;
  std::map<int64_t, int> seen;
  for (int tries = 0; tries < kMostTries; ++tries) {
    if (interrupted()) return fail("measure", "", EINTR, "interrupted");
    SKLAB_TRY(const auto fewer, run(lane, piece));
    SKLAB_TRY(const auto more, run(lane, twice));
    if (!fewer || !more) continue;
    const auto difference = static_cast<int64_t>(*more - *fewer);
    if (++seen[difference] == kAgreeing) return difference;
  }
  return fail_as(ErrorKind::kMismatch, "count the instructions of", lane.spec.name, 0,
                 fmt::format("{} tries had {} different counts", kMostTries, seen.size()));
}

Result<uint64_t> LaneCounter::choose_lookups(const Lane &lane) {
  SKLAB_TRY(const int64_t few, settle(lane, {0, 1, kLeastLookups}));
  const auto each = static_cast<uint64_t>(std::max<int64_t>(few, 1)) / kLeastLookups + 1;
  uint64_t lookups = kMostLookups;
  while (lookups > kLeastLookups && 2 * lookups * each > kMostInstructions) lookups /= 2;
  return lookups;
}

Result<int64_t> LaneCounter::count_piece(const Lane &lane, BatchPiece piece) {
  SKLAB_TRY(const int64_t eight, settle(lane, piece));
  // No loop of ours is around a program by itself.
  if (lane.spec.path == RowPath::kTestRun) return eight;
  piece.per_iteration = LookupsPerIteration::kSixteen;
  SKLAB_TRY(const int64_t sixteen, settle(lane, piece));
  return 2 * sixteen - eight;
}

Result<LaneCount> LaneCounter::count(const Lane &lane, uint64_t lookups) {
  LaneCount total;
  const auto targets = static_cast<uint32_t>(std::min<uint64_t>(lane.target_count(), lookups));
  for (uint32_t first = 0; first < lane.target_count(); first += targets) {
    SKLAB_TRY(const int64_t instructions, count_piece(lane, {first, targets, lookups}));
    total.instructions += instructions;
    total.lookups += lookups;
  }
  return total;
}

}  // namespace sklab
