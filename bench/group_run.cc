// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "bench/group_run.h"

#include <algorithm>
#include <cerrno>
#include <chrono>

#include "bench/check.h"
#include "bench/group_report.h"
#include "bench/group_session.h"
#include "bench/self_checks.h"
#include "harness/measure/interleave.h"
#include "harness/measure/interrupt.h"

namespace sklab {
namespace {

// Below this, the interval of a median says nothing.
constexpr unsigned kMinRounds = 12;

tl::unexpected<Error> interruption() { return fail("measure", "", EINTR, "interrupted"); }

// A row that does the wrong thing is out, the others go on; anything else ends the group.
Result<> note_failure(Lane &lane, Result<> result) {
  if (result) return Ok{};
  if (interrupted()) return interruption();
  if (result.error().kind != ErrorKind::kMismatch) return result;
  lane.failure = result.error().message();
  return Ok{};
}

Result<> check_all(GroupSession &session) {
  for (Lane &lane : session.lanes) {
    if (!lane.failure.empty()) continue;
    SKLAB_CHECK(note_failure(lane, check_lane(lane, session.runner(), session.netns())));
  }
  return Ok{};
}

Result<> calibrate_all(GroupSession &session, double batch_ns) {
  auto &lanes = session.lanes;
  for (Lane &lane : lanes) {
    if (!lane.failure.empty()) continue;
    auto lookups = session.calibrate(lane, batch_ns);
    if (lookups) {
      lane.lookups = *lookups;
    } else {
      SKLAB_CHECK(note_failure(lane, tl::unexpected(std::move(lookups).error())));
    }
  }
  // Self-checks compare lengths, so theirs are the first row's.
  for (Lane &lane : lanes) {
    if (lane.spec.role == Role::kControl) lane.lookups = lanes.front().lookups;
    if (lane.spec.role == Role::kDouble) lane.lookups = 2 * lanes.front().lookups;
  }
  return Ok{};
}

void note_counts(Lane &lane, const FloodResult &flood) {
  if (!flood.counts) return;
  lane.processor_counts.cycles += flood.counts->cycles;
  lane.processor_counts.instructions += flood.counts->instructions;
  lane.counted_packets += flood.packets;
}

std::vector<std::string> warnings_of(const PopulatedNetns &netns) {
  std::vector<std::string> warnings;
  if (!netns.crowding_doubt.empty()) warnings.push_back(crowding_warning(netns));
  const std::string reason = netns.flood ? netns.flood->reason_without_counts() : "";
  if (!reason.empty()) {
    warnings.push_back("skipped: cycles and instructions a packet: " + reason);
  }
  return warnings;
}

// One batch of every lane. The lanes that need the static key on follow each other, since switching
// it patches kernel code and stops every CPU.
Result<> run_round(std::vector<Lane> &lanes, const std::vector<size_t> &order,
                   BatchRunner &runner) {
  for (const size_t i : order) {
    Lane &lane = lanes[i];
    if (!lane.failure.empty()) continue;
    if (interrupted()) return interruption();
    auto elapsed_ns = runner.run_timed(lane, lane.lookups);
    if (elapsed_ns) {
      lane.samples_ns.push_back(*elapsed_ns / static_cast<double>(lane.lookups));
      if (lane.spec.path == RowPath::kFlood) note_counts(lane, runner.last_flood());
      continue;
    }
    SKLAB_CHECK(note_failure(lane, tl::unexpected(std::move(elapsed_ns).error())));
  }
  return Ok{};
}

// Takes back what an unfinished round has measured.
void keep_rounds(std::vector<Lane> &lanes, size_t rounds) {
  for (Lane &lane : lanes) lane.samples_ns.resize(std::min(lane.samples_ns.size(), rounds));
}

Result<> run_rounds(std::vector<Lane> &lanes, BatchRunner &runner, const MeasureOptions &options) {
  std::vector<unsigned> phases;
  phases.reserve(lanes.size());
  for (const Lane &lane : lanes) phases.push_back(!lane.ignores_key() && lane.wants_key_on());
  RoundOrder order(options.seed, phases);
  const auto start = std::chrono::steady_clock::now();
  double elapsed_s = 0;
  for (unsigned round = 0; round < kMinRounds || elapsed_s < options.seconds; ++round) {
    auto done = run_round(lanes, order.next(), runner);
    if (!done && interrupted() && options.keep_partial && round >= kMinRounds) {
      keep_rounds(lanes, round);
      return Ok{};
    }
    if (!done) return done;
    elapsed_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    if (options.progress) options.progress(elapsed_s);
  }
  return Ok{};
}

}  // namespace

Result<GroupResult> measure_group(const GroupSpec &group, Instruments &instruments,
                                  const MeasureOptions &options) {
  SKLAB_TRY(const auto session, GroupSession::open(group, instruments, options.seed));
  SKLAB_CHECK(check_all(*session));
  SKLAB_CHECK(calibrate_all(*session, options.batch_ns));
  SKLAB_CHECK(run_rounds(session->lanes, session->runner(), options));
  SKLAB_CHECK(check_all(*session));
  SKLAB_CHECK(instruments.key.set(false));
  const auto all_cpus = static_cast<unsigned>(instruments.cpus.size());
  return GroupResult{report_rows(group, session->lanes, session->netns(), all_cpus),
                     run_self_checks(session->lanes, options.control_half_width_ns),
                     warnings_of(session->netns())};
}

}  // namespace sklab
