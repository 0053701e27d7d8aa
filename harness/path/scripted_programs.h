// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "bpf/abi.h"
#include "harness/base/result.h"
#include "harness/kernel/netns.h"
#include "harness/kernel/socket_set.h"
#include "harness/model/outcome.h"
#include "harness/model/scenario.h"

namespace sklab {

// The programs of scenarios in the kernel. In the dialect `pass_drop` each is a real sk_lookup
// program, which performs its script and writes down what every assign returned; in an older
// dialect one real program, the dispatcher, runs all scripts under that dialect's rules.
//
// Programs are loaded once and used for scenario after scenario: loading costs a hundred times what
// a lookup does.
class ScriptedPrograms {
 public:
  // The longest batch of lookups, and the scripts of all its lookups together.
  struct Capacity {
    uint32_t lookups = 1;
    uint32_t scripts = 64;
  };

  // Errors: kUnavailable where the kernel lacks the hook or the caller a capability.
  static Result<ScriptedPrograms> create(Capacity capacity);
  static Result<ScriptedPrograms> create() { return create(Capacity{}); }
  ScriptedPrograms(ScriptedPrograms &&) noexcept;
  ScriptedPrograms &operator=(ScriptedPrograms &&) noexcept;
  ~ScriptedPrograms();

  // Everything that was attached or in the socket map before is gone. `sockets` is the population
  // of the scenarios that follow, of whose sockets those in `assigned` can be assigned.
  Result<> use_population(const SocketSet &sockets, std::span<const size_t> assigned);

  // Detaches all sk_lookup programs.
  void detach();

  // Attaches what scenarios with so many programs need, one a program or the dispatcher. What is
  // attached already in this netns stays where it is. Errors: E2BIG beyond 64.
  Result<> attach(const Netns &netns, Dialect dialect, const ReturnCodes &codes, size_t programs);

  // Attaches the SK_REUSEPORT programs of the scenario's groups.
  Result<> attach_reuseport(const Scenario &scenario, const SocketSet &sockets);

  // Writes the scenario's scripts and packet as lookup `index` of the batch. Its dialect and number
  // of programs are those attached.
  // Errors: kUnavailable for a script longer than the kernel program can hold (16 assigns).
  Result<> write(size_t index, const Scenario &scenario);

  // The memory that write() writes to, for batches whose lookups share scripts and packets. The
  // runs of lookup i begin at i times the number of programs.
  struct Batch {
    std::span<sklab_script> scripts;
    std::span<sklab_run> runs;
    std::span<sklab_packet> packets;
    std::span<sklab_lookup> lookups;
  };
  Batch batch();

  // Makes the lookups 0 to `count` - 1, in the netns of the calling thread.
  Result<> look_up(size_t count);
  // The next packets that arrive run the scripts of lookup `index`.
  void select(size_t index);

  // What came of a lookup.
  void read(size_t index, Observation &observation) const;
  [[nodiscard]] std::vector<std::vector<int>> assign_results(size_t index = 0) const;
  [[nodiscard]] std::vector<uint64_t> run_counts(size_t index = 0) const;
  // How often the SK_REUSEPORT program of the scenario's n-th group ran.
  [[nodiscard]] uint64_t reuseport_runs(size_t program) const;

  // Borrowed descriptor of the program at this position.
  [[nodiscard]] int fd(size_t position) const;

 private:
  struct State;
  explicit ScriptedPrograms(std::unique_ptr<State> state);

  std::unique_ptr<State> state_;
};

// Errors: kUnavailable for more assigns than a script can hold.
Result<> write_script(const ScriptedProgram &program, sklab_script &script);
void write_packet(const Packet &packet, sklab_packet &written);

}  // namespace sklab
