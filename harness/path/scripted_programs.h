// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "harness/base/result.h"
#include "harness/kernel/netns.h"
#include "harness/kernel/socket_set.h"
#include "harness/model/scenario.h"

namespace sklab {

// The programs of a scenario in the kernel: one real sk_lookup program each, which performs its
// script and writes down what every assign returned.
class ScriptedPrograms {
 public:
  // Loads the programs and puts the population into their socket map. Nothing is attached yet.
  // Errors: kUnavailable for a script longer than the kernel program can hold (16 assigns).
  static Result<ScriptedPrograms> create(const Scenario &scenario, const SocketSet &sockets);
  ScriptedPrograms(ScriptedPrograms &&) noexcept;
  ScriptedPrograms &operator=(ScriptedPrograms &&) noexcept;
  ~ScriptedPrograms();

  // In the scenario's order. Detached when this object goes.
  Result<> attach(const Netns &netns);

  // Since creation, and of the last run.
  [[nodiscard]] std::vector<uint64_t> run_counts() const;
  [[nodiscard]] std::vector<std::vector<int>> assign_results() const;

  // Borrowed descriptor of the program at this position.
  [[nodiscard]] int fd(size_t position) const;

 private:
  struct State;
  explicit ScriptedPrograms(std::unique_ptr<State> state);

  std::unique_ptr<State> state_;
};

}  // namespace sklab
