// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "bench/population.h"
#include "bench/steering.h"
#include "harness/base/result.h"
#include "harness/kernel/program.h"
#include "harness/kernel/socket_set.h"

namespace sklab {

// The programs of bpf/steer.bpf.c and bpf/series.bpf.c, loaded for one population.
class SteeringPrograms {
 public:
  static Result<SteeringPrograms> create(const FamilyCase &family, const Population &population,
                                         const SocketSet &sockets);
  // For sockets that are none of a Population: programs that assign find none to assign.
  static Result<SteeringPrograms> create_without_targets();
  SteeringPrograms(SteeringPrograms &&) noexcept;
  SteeringPrograms &operator=(SteeringPrograms &&) noexcept;
  ~SteeringPrograms();

  // `count` programs that do the same, each with an identity and code of its own.
  // Requires: is_attached_here(steering), and not kObject.
  Result<std::vector<Program>> instances(Steering steering, unsigned count) const;

  // The maps of the series' program, borrowed: its trie, and the SOCKMAP of kSeriesSlot.
  [[nodiscard]] int series_bindings_fd() const;
  [[nodiscard]] int series_destinations_fd() const;

 private:
  struct State;
  explicit SteeringPrograms(std::unique_ptr<State> state);

  std::unique_ptr<State> state_;
};

}  // namespace sklab
