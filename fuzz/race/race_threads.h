// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Threads of one CPU whose turns a seed decides.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "fuzz/race/race_plan.h"
#include "fuzz/race/race_stops.h"
#include "harness/base/result.h"

namespace sklab {

// On a guest's one CPU, in a kernel that is preempted, a thread runs until another one is given its
// turn, wherever in the kernel that is: at instants that the seed says, and when somebody comes by
// a stop, a thread above all others wakes up and says who is next. The turn may also be the
// kernel's own: then its workers and RCU get on with what the others left in the middle of a call.
// As all of that is counted in instructions, the same seed makes the same turns (probabilistic
// concurrency testing: Burckhardt et al. 2010). With more CPUs the threads are left to the kernel's
// scheduler.
class RaceThreads {
 public:
  using Perform = std::function<RaceResult(size_t place, const RaceCall &call)>;

  // `perform` is called by all of them. Errors: no privilege to set priorities.
  static Result<RaceThreads> start(Perform perform);
  RaceThreads(RaceThreads &&) noexcept;
  RaceThreads &operator=(RaceThreads &&) = delete;
  // Waits for them.
  ~RaceThreads();

  // Makes the plan's calls, and returns what came of them, by thread. At `stops`, which may be
  // none, the turn goes to another one, too. Errors: a thread that does not come to its end.
  Result<std::vector<std::vector<RaceEvent>>> run(const RacePlan &plan, RaceStops *stops);

 private:
  struct State;
  explicit RaceThreads(std::unique_ptr<State> state);

  std::unique_ptr<State> state_;
};

}  // namespace sklab
