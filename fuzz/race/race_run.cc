// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/race/race_run.h"

#include <thread>

#include "fuzz/race/race_lab.h"
#include "fuzz/race/race_order.h"
#include "fuzz/race/race_sockets.h"
#include "fuzz/race/race_stops.h"
#include "fuzz/race/race_threads.h"
#include "fuzz/target/random.h"
#include "harness/kernel/kernel_log.h"
#include "harness/kernel/kernel_trouble.h"

namespace sklab {
namespace {

// A socket that is none of the race's.
bool has_wrong_mark(const std::vector<std::vector<RaceEvent>> &events) {
  for (const auto &thread : events) {
    for (const RaceEvent &event : thread) {
      if (event.result.mark > RaceSockets::mark_of(kRaceSockets - 1)) return true;
    }
  }
  return false;
}

class RaceRun {
 public:
  RaceRun(RaceLab lab, Result<RaceStops> stops) : lab_(std::move(lab)) {
    if (stops) {
      stops_.emplace(std::move(*stops));
    } else {
      figures_.without_stops = stops.error().message();
    }
  }

  Result<RaceFigures> run(const RaceSettings &settings);

 private:
  Result<> run_round(RaceThreads &threads, const RaceSettings &settings, uint64_t round);
  [[nodiscard]] std::vector<std::string> places() const {
    return stops_ ? stops_->places() : std::vector<std::string>{};
  }
  void check(const RacePlan &plan, const std::vector<std::vector<RaceEvent>> &events,
             uint64_t round);

  RaceLab lab_;
  std::optional<RaceStops> stops_;
  KernelLog kernel_log_ = KernelLog::from_now();
  RaceFigures figures_;
};

void RaceRun::check(const RacePlan &plan, const std::vector<std::vector<RaceEvent>> &events,
                    uint64_t round) {
  const auto find = [&](std::string signature) {
    if (!figures_.finding)
      figures_.finding = RaceFinding{round, std::move(signature), events, places()};
  };
  if (const std::string trouble = find_kernel_trouble(kernel_log_.read()); !trouble.empty()) {
    find(trouble);
  }
  if (has_wrong_mark(events)) find("a lookup found a socket that nobody opened");
  if (!plan.links_only) return;
  const RaceOrder order = find_race_order(plan, events);
  if (order == RaceOrder::kNone) find("no order of the calls explains their results");
  figures_.explained += order == RaceOrder::kFound ? 1 : 0;
  figures_.unknown += order == RaceOrder::kUnknown ? 1 : 0;
}

Result<> RaceRun::run_round(RaceThreads &threads, const RaceSettings &settings, uint64_t round) {
  const RacePlan plan = race_plan_of(settings.seed, round);
  SKLAB_CHECK(lab_.begin(plan));
  FuzzRandom random(plan.schedule_seed + 1);
  if (stops_) SKLAB_CHECK(stops_->choose(random));
  settings.begins(round, places());
  SKLAB_TRY(const auto events, threads.run(plan, stops_ ? &*stops_ : nullptr));
  ++figures_.rounds;
  for (const auto &thread : plan.threads) figures_.calls += thread.size();
  check(plan, events, round);
  return Ok{};
}

Result<RaceFigures> RaceRun::run(const RaceSettings &settings) {
  SKLAB_TRY(RaceThreads threads, RaceThreads::start([this](size_t place, const RaceCall &call) {
              return lab_.perform(place, call);
            }));
  for (uint64_t i = 0; i < settings.rounds && !figures_.finding; ++i) {
    SKLAB_CHECK(run_round(threads, settings, i));
  }
  if (stops_) figures_.stops = stops_->count();
  return std::move(figures_);
}

}  // namespace

RacePlan race_plan_of(uint64_t seed, uint64_t round) {
  FuzzRandom random(seed);
  const uint64_t mixed = random.next() ^ round;
  return random_race_plan(FuzzRandom(mixed).next());
}

Result<RaceFigures> run_races(const RaceSettings &settings) {
  SKLAB_TRY(RaceLab lab, RaceLab::create());
  if (std::thread::hardware_concurrency() > 1) {
    return RaceRun(std::move(lab), fail("stop threads of several CPUs")).run(settings);
  }
  auto stops = RaceStops::create();
  if (!stops && stops.error().kind != ErrorKind::kUnavailable) {
    return tl::unexpected(stops.error());
  }
  return RaceRun(std::move(lab), std::move(stops)).run(settings);
}

}  // namespace sklab
