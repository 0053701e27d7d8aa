// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "bpf/abi.h"
#include "fuzz/semantics/scenario_parts.h"
#include "harness/model/rules.h"

namespace sklab {

// The model over the parts of many scenarios: each rule is asked once for a packet, an assign, a
// socket, and its answer kept, since millions of scenarios a second ask the same again. The rules
// are the same functions that evaluate() calls, and what is right is the same (rule_tables_test
// compares the two, for wrong rules as well).
class RuleTables {
 public:
  explicit RuleTables(const Rules &rules);

  // Whether all of the rules are of the kinds that can be kept. If not, ask evaluate().
  [[nodiscard]] bool can_keep() const { return stages_.size() == rules_.stages.size(); }

  // To be called when the parts have been given another population, and another scenario.
  void forget_population(const ScenarioParts &parts);
  void forget_scenario(const ScenarioParts &parts);

  // Whether the rules allow that the lookup of this packet found a socket of this mark, and that
  // the programs did what `runs` say.
  [[nodiscard]] bool allow(size_t packet, std::span<const sklab_run> runs, uint32_t mark);

 private:
  enum class Stage : uint8_t { kConnected, kHook, kHashtable };
  using SocketMask = uint32_t;  // by mark: bit 0 is no socket

  struct PacketFacts {
    bool known = false;
    std::optional<size_t> connected;
    std::optional<size_t> unconnected;
  };

  [[nodiscard]] const PacketFacts &facts(size_t packet);
  [[nodiscard]] int assign_result(size_t packet, uint16_t assign, bool selected);
  [[nodiscard]] SocketMask receivers(size_t packet, size_t socket);
  // False when a program did something else than the rules say; else `verdict` is theirs.
  [[nodiscard]] bool allow_runs(size_t packet, std::span<const sklab_run> runs, Verdict &verdict);
  void forget_packets(size_t first, size_t count);

  Rules rules_;
  std::vector<Stage> stages_;
  const ScenarioParts *parts_ = nullptr;
  std::vector<PacketFacts> facts_;                      // by packet
  std::vector<std::array<int16_t, 2>> assign_results_;  // by packet and assign, then selected
  std::vector<SocketMask> receivers_;                   // by packet and socket
  std::vector<Action> actions_;                         // by script
  std::vector<size_t> choices_;
  Scenario asked_;  // the population with the packet that a rule is asked about
};

}  // namespace sklab
