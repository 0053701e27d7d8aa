// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "bench/instructions/lane_count.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <map>
#include <vector>

#include "harness/guest/profile/profile_marks.h"
#include "harness/measure/interrupt.h"

namespace sklab {
namespace {

constexpr uint64_t kMostLookups = 256;
constexpr uint64_t kLeastUnrolled = 16;  // what every LookupsPerIteration divides
// A timer that ticks a thousand times a second does so every million instructions.
constexpr uint64_t kMostInstructions = 300'000;
constexpr uint32_t kMostPackets = 33;
constexpr int kAgreeing = 3;
constexpr int kMostTries = 100;

bool is_unrolled(const Lane &lane, uint64_t lookups) {
  return lookups >= kLeastUnrolled && lane.spec.path == RowPath::kProbe;
}

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
  SKLAB_TRY(const int64_t first, settle(lane, {0, 1, 1, LookupsPerIteration::kOne}));
  const auto each = static_cast<uint64_t>(std::max<int64_t>(first, 1));
  for (uint64_t lookups = kMostLookups; lookups >= kLeastUnrolled; lookups /= 2) {
    if (2 * lookups * each <= kMostInstructions) return lookups;
  }
  return 1;
}

Result<int64_t> LaneCounter::count_piece(const Lane &lane, BatchPiece piece) {
  const bool unrolled = is_unrolled(lane, piece.lookups);
  piece.per_iteration = unrolled ? LookupsPerIteration::kEight : LookupsPerIteration::kOne;
  SKLAB_TRY(const int64_t eight, settle(lane, piece));
  if (!unrolled) return eight;
  piece.per_iteration = LookupsPerIteration::kSixteen;
  SKLAB_TRY(const int64_t sixteen, settle(lane, piece));
  return 2 * sixteen - eight;
}

Result<bool> LaneCounter::run_marked(const Lane &lane, const BatchPiece &piece) {
  const auto before = [this] {
    clock_.begin();
    begin_profile();
  };
  std::optional<uint64_t> call;
  const auto after = [&] {
    end_profile();
    call = clock_.end();
  };
  SKLAB_CHECK(session_.runner().run_piece(lane, piece, before, after));
  ++windows_;
  return call.has_value();
}

Result<ProfileWindows> LaneCounter::profile(const Lane &lane, uint64_t lookups) {
  BatchPiece piece{0, 1, lookups};
  if (!is_unrolled(lane, lookups)) piece.per_iteration = LookupsPerIteration::kOne;
  BatchPiece twice = piece;
  twice.lookups *= 2;
  for (int tries = 0; tries < kMostTries; ++tries) {
    SKLAB_TRY(const bool fewer, run_marked(lane, piece));
    SKLAB_TRY(const bool more, run_marked(lane, twice));
    if (fewer && more) return ProfileWindows{windows_ - 1, windows_, lookups, 0};
  }
  return fail_as(ErrorKind::kMismatch, "profile", lane.spec.name, 0, "interrupts came each time");
}

Result<LaneCount> LaneCounter::count(const Lane &lane, uint64_t lookups) {
  // The loop's own instructions do not depend on the packet.
  const uint32_t packets = lane.is_empty_loop ? 1 : std::min(lane.target_count(), kMostPackets);
  std::vector<int64_t> counts;
  for (uint32_t i = 0; i < packets; ++i) {
    const uint32_t target = i * (lane.target_count() / packets);
    SKLAB_TRY(const int64_t instructions, count_piece(lane, {target, 1, lookups}));
    counts.push_back(instructions);
  }
  std::nth_element(counts.begin(), counts.begin() + packets / 2, counts.end());
  const int64_t median = counts[packets / 2];
  const auto alike = std::count(counts.begin(), counts.end(), median);
  return LaneCount{median, lookups, packets, static_cast<uint32_t>(alike)};
}

}  // namespace sklab
