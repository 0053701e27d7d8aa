// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "fuzz/race/race_plan.h"
#include "harness/base/result.h"

namespace sklab {

// What the calls of races are about: two namespaces, links, programs, sockets and a map of these.
// For guests only: a kernel that is wrong about it may not live on.
class RaceLab {
 public:
  // To be called in a process that isolate_process() has moved; its threads stay in the first of
  // the namespaces. Errors: what the kernel or the machine did not let us do.
  static Result<RaceLab> create();
  RaceLab(RaceLab &&) noexcept;
  RaceLab &operator=(RaceLab &&) noexcept;
  ~RaceLab();

  // Makes everything as the plan has it at its beginning. For one thread.
  Result<> begin(const RacePlan &plan);

  // One call, by any thread at any time; `place` is call_place(), another one for each.
  RaceResult perform(size_t place, const RaceCall &call);

 private:
  struct State;
  explicit RaceLab(std::unique_ptr<State> state);

  std::unique_ptr<State> state_;
};

}  // namespace sklab
