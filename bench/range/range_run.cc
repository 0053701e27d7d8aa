// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "bench/range/range_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <functional>
#include <thread>

#include "bench/key_switch.h"
#include "bench/range/range_report.h"
#include "bench/suite.h"
#include "harness/measure/interleave.h"
#include "harness/measure/interrupt.h"

namespace sklab {
namespace {

constexpr size_t kMinRounds = 8;
// The kernel frees thousands of sockets after a grace period.
constexpr auto kSettling = std::chrono::milliseconds(40);

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

// A method that cannot be had, or does the wrong thing, is out; the others go on.
Result<> take_turn(RangeLane &lane, const FamilyCase &family, uint64_t seed) {
  if (!lane.reason.empty()) return Ok{};
  auto sample = take_range_turn(lane.description.method, family, seed);
  if (lane.description.method == RangeMethod::kSockets) std::this_thread::sleep_for(kSettling);
  if (interrupted()) return fail("measure", "", EINTR, "interrupted");
  // Others' programs would slow all methods but the hook.
  SKLAB_CHECK(require_lookup_links(0));
  if (sample) {
    lane.samples.push_back(*sample);
    return Ok{};
  }
  const ErrorKind kind = sample.error().kind;
  const size_t round = lane.samples.size() + 1;
  if (kind != ErrorKind::kMismatch && kind != ErrorKind::kUnavailable) {
    return tl::unexpected(std::move(sample).error());
  }
  lane.failed = kind == ErrorKind::kMismatch;
  lane.reason = sample.error().message();
  if (round > 1) lane.reason = fmt::format("in round {}: {}", round, lane.reason);
  return Ok{};
}

Result<std::vector<RangeLane>> measure_family(
    const FamilyCase &family, double seconds, uint64_t seed,
    const std::function<void(double elapsed_s)> &progress) {
  std::vector<RangeLane> lanes;
  for (const RangeMethodDescription &one : all_range_methods()) lanes.push_back({one, {}, {}, {}});
  RoundOrder order(seed, std::vector<unsigned>(lanes.size(), 0));
  const auto start = std::chrono::steady_clock::now();
  const auto all_are_out = [&lanes] {
    return std::all_of(lanes.begin(), lanes.end(),
                       [](const RangeLane &lane) { return !lane.reason.empty(); });
  };
  for (size_t round = 0; round < kMinRounds || seconds_since(start) < seconds; ++round) {
    if (all_are_out()) break;
    for (const size_t i : order.next()) {
      const auto done = take_turn(lanes[i], family, seed + round);
      progress(seconds_since(start));
      if (done) continue;
      if (!interrupted() || round < kMinRounds) return tl::unexpected(done.error());
      for (RangeLane &lane : lanes) lane.samples.resize(std::min(lane.samples.size(), round));
      return lanes;
    }
  }
  return lanes;
}

}  // namespace

Result<RangeRecord> run_range(const RangeOptions &options) {
  SKLAB_CHECK(pin_to(options.cpu));
  SKLAB_CHECK(require_lookup_links(0));
  const auto start = std::chrono::steady_clock::now();
  RangeRecord record;
  record.mode = options.mode;
  SKLAB_CHECK(begin_record(options, record));
  const double family_s = options.seconds / static_cast<double>(options.families.size());
  for (const std::string &name : options.families) {
    const FamilyCase family = as_host(family_case(name));
    const double done_s = family_s * static_cast<double>(record.families.size());
    const auto progress = [&](double elapsed_s) {
      if (options.progress) options.progress(done_s + elapsed_s, options.seconds, name);
    };
    const auto lanes = measure_family(family, family_s, options.seed, progress);
    if (!lanes && !(interrupted() && !record.families.empty())) {
      return tl::unexpected(lanes.error());
    }
    if (lanes) record.families.push_back(report_range(family, *lanes));
    record.complete = !interrupted();
    if (!record.complete) break;
  }
  if (!record.complete) {
    record.warnings.emplace_back(kInterruptedWarning);
  }
  record.duration_s = seconds_since(start);
  return record;
}

}  // namespace sklab
