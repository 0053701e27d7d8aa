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

Result<uint64_t> LaneCounter::settle(const Lane &lane, const BatchPiece &piece) {
  std::map<uint64_t, int> seen;
  for (int tries = 0; tries < kMostTries; ++tries) {
    if (interrupted()) return fail("measure", "", EINTR, "interrupted");
    std::optional<uint64_t> count;
    SKLAB_CHECK(session_.runner().run_piece(
        lane, piece, [&] { clock_.begin(); }, [&] { count = clock_.end(); }));
    if (count && ++seen[*count] == kAgreeing) return *count;
  }
  return fail_as(ErrorKind::kMismatch, "count the instructions of", lane.spec.name, 0,
                 fmt::format("{} batches had {} different counts", kMostTries, seen.size()));
}

Result<uint64_t> LaneCounter::choose_lookups(const Lane &lane) {
  BatchPiece piece{0, 1, kLeastLookups};
  SKLAB_TRY(const uint64_t few, settle(lane, piece));
  piece.lookups *= 2;
  SKLAB_TRY(const uint64_t more, settle(lane, piece));
  const uint64_t each = std::max<uint64_t>((more - few) / kLeastLookups, 1);
  uint64_t lookups = kMostLookups;
  while (lookups > kLeastLookups && 2 * lookups * each > kMostInstructions) lookups /= 2;
  return lookups;
}

Result<LaneCount> LaneCounter::count(const Lane &lane, uint64_t lookups) {
  LaneCount total;
  const auto targets = static_cast<uint32_t>(std::min<uint64_t>(lane.target_count(), lookups));
  for (uint32_t first = 0; first < lane.target_count(); first += targets) {
    SKLAB_TRY(const uint64_t once, settle(lane, {first, targets, lookups}));
    SKLAB_TRY(const uint64_t twice, settle(lane, {first, targets, 2 * lookups}));
    total.instructions += twice - once;
    total.lookups += lookups;
  }
  return total;
}

}  // namespace sklab
