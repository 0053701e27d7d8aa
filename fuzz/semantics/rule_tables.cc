// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/semantics/rule_tables.h"

#include <algorithm>

#include "fuzz/semantics/scenario_records.h"
#include "harness/kernel/socket_set.h"
#include "harness/model/assign_rules.h"
#include "harness/model/hashtable_rules.h"
#include "harness/model/model.h"

namespace sklab {
namespace {

constexpr int16_t kNotAsked = INT16_MAX;  // no errno
constexpr uint32_t kNobodyAsked = 0;      // not even "no socket"

constexpr size_t assign_slot(size_t packet, size_t assign) {
  return packet * ScenarioParts::kAssigns + assign;
}

}  // namespace

RuleTables::RuleTables(const Rules &rules) : rules_(rules) {
  static_assert(kMostRecordedSockets < 32, "a mask has a bit a socket");
  for (const Rules::Stage stage : rules.stages) {
    if (stage == decide_connected) stages_.push_back(Stage::kConnected);
    if (stage == decide_hook) stages_.push_back(Stage::kHook);
    if (stage == decide_hashtable) stages_.push_back(Stage::kHashtable);
  }
  facts_.resize(ScenarioParts::kPackets);
  assign_results_.resize(ScenarioParts::kPackets * ScenarioParts::kAssigns);
  receivers_.resize(ScenarioParts::kPackets * kMostRecordedSockets);
}

void RuleTables::forget_packets(size_t first, size_t count) {
  const auto end = static_cast<ptrdiff_t>(first + count);
  const auto begin = static_cast<ptrdiff_t>(first);
  constexpr auto kAssigns = static_cast<ptrdiff_t>(ScenarioParts::kAssigns);
  constexpr auto kSockets = static_cast<ptrdiff_t>(kMostRecordedSockets);
  std::fill(facts_.begin() + begin, facts_.begin() + end, PacketFacts{});
  std::fill(assign_results_.begin() + begin * kAssigns, assign_results_.begin() + end * kAssigns,
            std::array{kNotAsked, kNotAsked});
  std::fill(receivers_.begin() + begin * kSockets, receivers_.begin() + end * kSockets,
            kNobodyAsked);
}

void RuleTables::forget_population(const ScenarioParts &parts) {
  parts_ = &parts;
  asked_ = parts.scenario();
  forget_packets(0, ScenarioParts::kPackets);
}

void RuleTables::forget_scenario(const ScenarioParts &parts) {
  forget_packets(0, ScenarioParts::kOwnPackets);
  // The input's own assigns with the packets that stand.
  const size_t own = parts.assigns().size() - ScenarioParts::kStandingAssigns;
  for (size_t packet = ScenarioParts::kOwnPackets; own > 0 && packet < ScenarioParts::kPackets;
       ++packet) {
    std::fill_n(&assign_results_[assign_slot(packet, ScenarioParts::kStandingAssigns)], own,
                std::array{kNotAsked, kNotAsked});
  }
  actions_.clear();
  for (const ScenarioParts::Script &script : parts.scripts()) {
    const auto action = rules_.action(asked_.dialect, asked_.codes, script.return_code);
    actions_.push_back(action.value_or(Action::kPass));
  }
}

const RuleTables::PacketFacts &RuleTables::facts(size_t packet) {
  PacketFacts &facts = facts_[packet];
  if (facts.known) return facts;
  asked_.packet = parts_->packets()[packet];
  facts = {true, find_connected(asked_, rules_), find_unconnected(asked_, rules_)};
  return facts;
}

int RuleTables::assign_result(size_t packet, uint16_t assign, bool selected) {
  int16_t &result = assign_results_[assign_slot(packet, assign)][selected ? 1 : 0];
  if (result != kNotAsked) return result;
  const AssignOperation &operation = parts_->assigns()[assign];
  const SocketSpec *socket = operation.socket ? &asked_.sockets[*operation.socket] : nullptr;
  const AssignCall call{socket, operation.flags, parts_->packets()[packet], selected};
  result = static_cast<int16_t>(check_assign(rules_, call));
  return result;
}

RuleTables::SocketMask RuleTables::receivers(size_t packet, size_t socket) {
  SocketMask &mask = receivers_[packet * kMostRecordedSockets + socket];
  if (mask != kNobodyAsked) return mask;
  asked_.packet = parts_->packets()[packet];
  choices_.clear();
  rules_.reuseport(asked_, Arrival::kHelper, socket, choices_);
  if (choices_.empty()) mask = 1;
  for (const size_t choice : choices_) mask |= SocketMask{1} << SocketSet::mark_of(choice);
  return mask;
}

bool RuleTables::allow_runs(size_t packet, std::span<const sklab_run> runs, Verdict &verdict) {
  const Combination &combination = rules_.combinations[static_cast<size_t>(asked_.dialect)];
  RunState state;
  bool right = true;
  uint16_t order = 0;
  for (const sklab_run &run : runs) {
    const ScenarioParts::Script &script = parts_->scripts()[run.script];
    combination.before(state);
    for (size_t i = 0; i < script.assign_count; ++i) {
      const uint16_t assign = script.assigns[i];
      const int result = assign_result(packet, assign, state.context.socket.has_value());
      state.context = (result == 0 ? rules_.selected : rules_.not_selected)(
          parts_->assigns()[assign], state.context);
      right &= run.results[i] == result;
    }
    right &= run.count == 1 && run.order == ++order;
    combination.after(state, actions_[run.script]);
  }
  verdict = combination.decide(state);
  return right;
}

bool RuleTables::allow(size_t packet, std::span<const sklab_run> runs, uint32_t mark) {
  SocketMask allowed = 1;
  bool programs_ran = false;
  bool decided = false;
  for (size_t i = 0; i < stages_.size() && !decided; ++i) {
    if (stages_[i] == Stage::kHook) {
      Verdict verdict;
      programs_ran = true;
      if (!allow_runs(packet, runs, verdict)) return false;
      const Selection &selection = verdict.selection;
      decided = selection.socket || verdict.drop;
      if (selection.socket) {
        allowed = selection.no_reuseport ? SocketMask{1} << SocketSet::mark_of(*selection.socket)
                                         : receivers(packet, *selection.socket);
      }
      continue;
    }
    const bool connected = stages_[i] == Stage::kConnected;
    const PacketFacts &known = facts(packet);
    const auto &socket = connected ? known.connected : known.unconnected;
    decided = socket.has_value();
    if (!socket) continue;
    allowed = connected ? SocketMask{1} << SocketSet::mark_of(*socket) : receivers(packet, *socket);
  }
  const bool none_ran =
      programs_ran ||
      std::all_of(runs.begin(), runs.end(), [](const sklab_run &run) { return run.count == 0; });
  return none_ran && mark < 32 && (allowed >> mark & 1) != 0;
}

}  // namespace sklab
