// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "bpf/abi.h"
#include "fuzz/semantics/combination_table.h"
#include "fuzz/semantics/scenario_parts.h"
#include "fuzz/semantics/selection_code.h"
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

  // The first of the lookups that came out, or whose programs did, as the rules do not allow.
  [[nodiscard]] std::optional<size_t> find_wrong(std::span<const sklab_lookup> lookups,
                                                 std::span<const sklab_run> runs);

  // Whether the rules allow that the lookup of this packet found a socket of this mark, and that
  // the programs did what `runs` say.
  //
  // What was allowed last is remembered: of the same packet and programs it is not asked again, but
  // has to be seen again. So `runs` has to stay as it is until the next call, or forget_last().
  [[nodiscard]] bool allow(size_t packet, std::span<const sklab_run> runs, uint32_t mark);
  void forget_last() { last_runs_ = {}; }

 private:
  enum class Stage : uint8_t { kConnected, kHook, kHashtable };
  using SocketMask = uint32_t;  // by mark: bit 0 is no socket

  // Who may receive a packet without the hook; nobody, not even bit 0, when the stage finds none.
  struct PacketFacts {
    SocketMask connected = 0;
    SocketMask hashtable = 0;
    bool known = false;
  };

  [[nodiscard]] const PacketFacts &facts(size_t packet);
  [[gnu::noinline]] const PacketFacts &ask_facts(size_t packet);
  // These ask the rules, where the tables have no answer yet.
  [[gnu::noinline]] int ask_assign(size_t packet, uint16_t assign, bool selected);
  [[gnu::noinline]] SelectionCode selection_after(uint16_t assign, bool done, SelectionCode before);
  [[nodiscard]] SocketMask receivers(size_t packet, size_t socket);
  // Whether a program's assigns did what the rules say; changes `selection` as they do.
  [[nodiscard]] bool perform(size_t packet, const sklab_run &run, SelectionCode &selection);
  // Whether the programs did what the rules say, which then decide `verdict`.
  [[nodiscard]] bool allow_runs(size_t packet, std::span<const sklab_run> runs,
                                VerdictCode &verdict);
  [[nodiscard]] SocketMask allowed_by(VerdictCode verdict, size_t packet);
  [[nodiscard]] bool allow_one(size_t packet, const sklab_run &run, uint32_t mark);
  void forget_packets(size_t first, size_t count);
  void forget_assigns(size_t first, size_t count);

  Rules rules_;
  std::vector<Stage> stages_;
  bool has_usual_stages_ = false;
  const ScenarioParts *parts_ = nullptr;
  std::vector<PacketFacts> facts_;                      // by packet
  std::vector<std::array<int16_t, 2>> assign_results_;  // by assign and packet, then selected
  // What is selected after an assign: by assign, when that depends on it alone (selects_alone_);
  // else by assign, what was selected before, and whether the assign succeeded.
  bool selects_alone_;
  std::vector<SelectionCode> selected_;
  std::vector<std::array<SelectionCode, 2 * kSelectionCodes>> selections_;
  std::vector<SocketMask> receivers_;           // by packet and socket
  std::vector<CombinationTable> combinations_;  // by dialect
  struct ScriptFacts {
    Action action;
    bool is_compact;
  };
  std::vector<ScriptFacts> scripts_;
  // The lookup that was allowed last, and the state that each of its programs began with; then what
  // they decided.
  size_t last_packet_ = 0;
  std::span<const sklab_run> last_runs_;
  std::array<RunStateCode, kMaxLinks + 1> last_states_{};
  std::vector<size_t> choices_;
  Scenario asked_;  // the population with the packet that a rule is asked about
};

}  // namespace sklab
