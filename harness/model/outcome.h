// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/model/scenario.h"

namespace sklab {

// Which stage of the lookup decided.
enum class DecidedBy : uint8_t {
  kConnected,  // a connected UDP or established TCP socket: the hook does not run
  kHook,       // a program selected a socket
  kRefused,    // SK_DROP without a selection: the lookup fails with ECONNREFUSED
  kHashtable,  // the plain lookup found a socket
  kNothing,    // the plain lookup found none
};

// What the model says must happen.
struct Outcome {
  DecidedBy decided_by = DecidedBy::kNothing;
  // Every socket that is a right answer, in ascending order: a reuseport group selects its member
  // by a hash that the kernel keeps secret. Empty when no socket is found.
  std::vector<size_t> sockets;
  // For every program the result of each assign: 0 or a negative errno.
  std::vector<std::vector<int>> assign_results;
  // How often each program runs for this packet: 0 or 1.
  std::vector<uint64_t> run_counts;

  bool operator==(const Outcome &) const = default;
};

// What a path saw the kernel do.
struct Observation {
  std::optional<size_t> socket;
  std::vector<std::vector<int>> assign_results;
  std::vector<uint64_t> run_counts;
  // The programs that ran did so in the order in which they were attached.
  bool in_order = true;

  bool operator==(const Observation &) const = default;
};

// Whether `observed` is one of the things that `expected` allows.
bool allows(const Outcome &expected, const Observation &observed);

// One line each, with the scenario's socket names: "socket=a by=hook runs=1,1 assigns=[0][-17]".
std::string describe(const Outcome &outcome, const Scenario &scenario);
std::string describe(const Observation &observation, const Scenario &scenario);

}  // namespace sklab
