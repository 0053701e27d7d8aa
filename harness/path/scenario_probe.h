// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "harness/base/result.h"
#include "harness/model/outcome.h"
#include "harness/path/scripted_programs.h"

namespace sklab {

// Scenarios on the probe path: what the kernel's lookup helpers do with them. One scenario at a
// time with observe(), or many with one population in batches, which is a thousand times faster.
class ScenarioProbe {
 public:
  static Result<ScenarioProbe> create();

  // Builds the scenario, makes one lookup, and says what the kernel did.
  Result<Observation> observe(const Scenario &scenario);

  // Closes the population before and opens this one, in a netns that has nothing else. All its
  // sockets can be assigned.
  Result<> populate(const std::vector<SocketSpec> &sockets);

  // The scenarios that follow have this dialect, these codes and this number of programs.
  Result<> attach(Dialect dialect, const ReturnCodes &codes, size_t programs);

  // How many scenarios fit into a batch.
  [[nodiscard]] size_t batch_size() const { return batch_size_; }
  // Adds to the batch a scenario with the population and what is attached.
  Result<> add(const Scenario &scenario) { return programs_.write(added_++, scenario); }
  [[nodiscard]] size_t added() const { return added_; }
  // Makes the lookups of the batch and shows what came of each, in the order in which they were
  // added. The batch is empty again.
  Result<> run(const std::function<void(size_t, const Observation &)> &show);

  // For batches whose lookups share scripts and packets: memory to write them to, and the lookups
  // of it. Its capacity is kCapacity.
  ScriptedPrograms::Batch shared_batch() { return programs_.batch(); }
  Result<> look_up(size_t count);
  static constexpr ScriptedPrograms::Capacity kCapacity = {8192, 32768};

  // How long the last system call that made lookups took.
  [[nodiscard]] uint64_t lookup_ns() const { return lookup_ns_; }

  [[nodiscard]] const SocketSet &sockets() const { return *sockets_; }
  [[nodiscard]] const Netns &netns() const { return *netns_; }

 private:
  explicit ScenarioProbe(ScriptedPrograms programs) : programs_(std::move(programs)) {}
  Result<> open(Netns netns, const std::vector<SocketSpec> &sockets,
                std::span<const size_t> assigned);

  std::optional<Netns> netns_;
  std::optional<SocketSet> sockets_;
  bool netns_can_be_used_again_ = false;
  ScriptedPrograms programs_;
  size_t batch_size_ = 1;
  size_t added_ = 0;
  uint64_t lookup_ns_ = 0;
  Observation observation_;
};

// The sockets that some program of the scenario assigns, or selects, in ascending order.
std::vector<size_t> assigned_sockets(const Scenario &scenario);

}  // namespace sklab
