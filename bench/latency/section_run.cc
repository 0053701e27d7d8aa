// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "bench/latency/section_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <random>

#include "bench/latency/churn_thread.h"
#include "bench/latency/open_loop.h"
#include "bench/latency/parked_thread.h"
#include "harness/kernel/bpf_stats.h"
#include "harness/measure/interleave.h"
#include "harness/measure/interrupt.h"

namespace sklab {
namespace {

// Below this, an interval says nothing.
constexpr size_t kMinRounds = 12;
constexpr double kRounds = 24;  // in a short run; a long one has more
constexpr double kShortestTurnS = 0.02;
constexpr double kLongestTurnS = 0.1;
constexpr double kWarmUpShare = 0.05;
constexpr uint64_t kLeastWarmUp = 5;
constexpr uint64_t kLeastRequests = 10;
constexpr uint64_t kCheckedRequests = 64;

// What is attached for a lane's turn. A churn keeps a reference to the links.
struct Attached {
  std::vector<NetnsLink> links;
  std::unique_ptr<Churn> churn;
};

class SectionRun {
 public:
  SectionRun(const LatencySection &section, const PopulatedNetns &netns, KeySwitch &key,
             const SectionPlan &plan)
      : section_(section), netns_(netns), key_(key), plan_(plan), random_(plan.seed) {
    const double turn_s = std::clamp(plan.row_seconds / kRounds, kShortestTurnS, kLongestTurnS);
    loop_.rate_per_second = section.rate_per_second;
    loop_.requests =
        std::max(kLeastRequests, static_cast<uint64_t>(turn_s * section.rate_per_second));
    loop_.warm_up =
        kLeastWarmUp + static_cast<uint64_t>(kWarmUpShare * static_cast<double>(loop_.requests));
  }

  // What makes a row skipped or failed is noted in its lane.
  Result<> check(LatencyLane &lane) { return note(lane, try_check(lane)); }
  Result<> take_turn(LatencyLane &lane) { return note(lane, try_turn(lane)); }

 private:
  // A row that does the wrong thing is out, and must leave nothing to the others.
  Result<> note(LatencyLane &lane, Result<> result) const {
    if (result || result.error().kind != ErrorKind::kMismatch) return result;
    lane.failure = result.error().message();
    lane.exchange.reset();
    discard_requests(netns_.sockets, section_.family.protocol);
    return Ok{};
  }

  Result<> attach(const LatencyLane &lane, Attached &attached) {
    SKLAB_CHECK(key_.set(lane.wants_key_on()));
    for (const Program &program : lane.programs) {
      SKLAB_TRY(NetnsLink link, NetnsLink::attach(program.fd(), netns_.netns));
      attached.links.push_back(std::move(link));
    }
    return Ok{};
  }

  Result<> try_check(const LatencyLane &lane) {
    Attached attached;
    SKLAB_CHECK(attach(lane, attached));
    SKLAB_TRY(const BpfStats stats, BpfStats::enable());
    std::vector<uint64_t> before;
    for (const Program &program : lane.programs) {
      SKLAB_TRY(const uint64_t runs, run_count(program.fd()));
      before.push_back(runs);
    }
    for (uint64_t i = 0; i < kCheckedRequests; ++i) SKLAB_CHECK(exchange_once(*lane.exchange));
    for (size_t i = 0; i < before.size(); ++i) {
      SKLAB_TRY(const uint64_t runs, run_count(lane.programs[i].fd()));
      const uint64_t right = lane.runs_per_request[i] * kCheckedRequests;
      if (runs - before[i] == right) continue;
      return fail_as(ErrorKind::kMismatch, "run",
                     fmt::format("a program: {} runs of {} requests where {} are right",
                                 runs - before[i], kCheckedRequests, right));
    }
    return Ok{};
  }

  Result<> try_turn(LatencyLane &lane) {
    Attached attached;
    SKLAB_CHECK(attach(lane, attached));
    if (!lane.spec.churn) {
      SKLAB_TRY(LatencyTurn turn, send_requests(lane));
      lane.turns.push_back(std::move(turn));
      return Ok{};
    }
    NetnsLink *link = attached.links.empty() ? nullptr : &attached.links.front();
    SKLAB_TRY(attached.churn, Churn::create(*lane.spec.churn, section_.family, netns_, link));
    ChurnThread thread(*attached.churn, lane.spec.churn_per_second, *plan_.churn_cpu, random_());
    SKLAB_TRY(LatencyTurn turn, send_requests(lane));
    SKLAB_TRY(ChurnResult churn, thread.stop());
    turn.churn_s = churn.elapsed_s;
    turn.operations_ns = std::move(churn.operations_ns);
    lane.turns.push_back(std::move(turn));
    return Ok{};
  }

  Result<LatencyTurn> send_requests(const LatencyLane &lane) {
    SKLAB_TRY(OpenLoopResult result, run_open_loop(*lane.exchange, loop_));
    LatencyTurn turn;
    turn.max_ns = *std::max_element(result.since_due_ns.begin(), result.since_due_ns.end());
    turn.last_late_ns = result.since_due_ns.back() - result.since_sent_ns.back();
    const auto intervals = static_cast<double>(loop_.warm_up + loop_.requests - 1);
    turn.sent_per_second = intervals / (intervals / loop_.rate_per_second +
                                        static_cast<double>(turn.last_late_ns) / 1e9);
    turn.since_due = Histogram(std::move(result.since_due_ns));
    turn.since_sent = Histogram(std::move(result.since_sent_ns));
    return turn;
  }

  const LatencySection &section_;
  const PopulatedNetns &netns_;
  KeySwitch &key_;
  const SectionPlan &plan_;
  std::mt19937_64 random_;
  OpenLoopPlan loop_;
};

Result<> check_all(SectionRun &run, std::vector<LatencyLane> &lanes) {
  for (LatencyLane &lane : lanes) {
    if (!lane.is_out()) SKLAB_CHECK(run.check(lane));
  }
  return Ok{};
}

Result<> run_round(SectionRun &run, std::vector<LatencyLane> &lanes,
                   const std::vector<size_t> &order) {
  for (const size_t i : order) {
    if (!lanes[i].is_out()) SKLAB_CHECK(run.take_turn(lanes[i]));
  }
  return Ok{};
}

// Takes back what an unfinished round has measured.
void keep_turns(std::vector<LatencyLane> &lanes, size_t rounds) {
  for (LatencyLane &lane : lanes) lane.turns.resize(std::min(lane.turns.size(), rounds));
}

Result<> run_all_rounds(SectionRun &run, std::vector<LatencyLane> &lanes, const SectionPlan &plan) {
  std::vector<unsigned> phases;
  phases.reserve(lanes.size());
  for (const LatencyLane &lane : lanes) phases.push_back(lane.wants_key_on());
  RoundOrder order(plan.seed, phases);
  const double seconds = plan.row_seconds * static_cast<double>(lanes.size());
  const auto start = std::chrono::steady_clock::now();
  double elapsed_s = 0;
  for (size_t round = 0; round < kMinRounds || elapsed_s < seconds; ++round) {
    auto done = run_round(run, lanes, order.next());
    if (!done && interrupted() && round >= kMinRounds) {
      keep_turns(lanes, round);
      return Ok{};
    }
    if (!done) return done;
    elapsed_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    if (plan.progress) plan.progress(elapsed_s);
  }
  return Ok{};
}

}  // namespace

Result<MeasuredSection> measure_section(const LatencySection &section, KeySwitch &key,
                                        const SectionPlan &plan) {
  const PopulationSpec population{PopulationKind::kSpread, std::max<size_t>(1, section.sockets)};
  SKLAB_TRY(const PopulatedNetns netns,
            PopulatedNetns::create_to_serve(section.family, population));
  SKLAB_TRY(const ScopedNetns inside, ScopedNetns::enter(netns.uplink->client()));
  MeasuredSection measured;
  SKLAB_TRY(measured.lanes, make_latency_lanes(section, netns));
  for (LatencyLane &lane : measured.lanes) {
    if (lane.spec.churn && !plan.churn_cpu) {
      lane.reason_to_skip = "churn takes a CPU of its own, and there is one only";
    }
  }
  if (!netns.crowding_doubt.empty()) measured.doubt = crowding_warning(netns);
  const ParkedThread parked;
  SectionRun run(section, netns, key, plan);
  SKLAB_CHECK(check_all(run, measured.lanes));
  SKLAB_CHECK(run_all_rounds(run, measured.lanes, plan));
  SKLAB_CHECK(check_all(run, measured.lanes));
  SKLAB_CHECK(key.set(false));
  return measured;
}

}  // namespace sklab
