// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/semantics/rule_tables.h"

#include <algorithm>
#include <array>
#include <bit>

#include "fuzz/semantics/scenario_records.h"
#include "harness/kernel/socket_set.h"
#include "harness/model/assign_rules.h"
#include "harness/model/hashtable_rules.h"
#include "harness/model/model.h"

namespace sklab {
namespace {

constexpr int16_t kNotAsked = INT16_MAX;  // no errno
constexpr uint32_t kNobodyAsked = 0;      // not even "no socket"
constexpr SelectionCode kSelectionNotAsked = UINT8_MAX;

// What the same assign does with all packets lies together: few assigns are used.
constexpr size_t assign_slot(size_t packet, size_t assign) {
  return assign * ScenarioParts::kAllPackets + packet;
}

// libFuzzer looks at every memcmp(3), which takes longer than it does.
bool look_the_same(const sklab_run &one, const sklab_run &other) {
  using Words = std::array<uint64_t, sizeof(sklab_run) / sizeof(uint64_t)>;
  static_assert(sizeof(Words) == sizeof(sklab_run));
  const auto left = std::bit_cast<Words>(one);
  const auto right = std::bit_cast<Words>(other);
  uint64_t difference = 0;
  for (size_t i = 0; i < left.size(); ++i) difference |= left[i] ^ right[i];
  return difference == 0;
}

}  // namespace

RuleTables::RuleTables(const Rules &rules)
    : rules_(rules),
      selects_alone_(rules.selected == select_assigned && rules.not_selected == keep_selection) {
  static_assert(kMostRecordedSockets < 32, "a mask has a bit a socket");
  for (const Rules::Stage stage : rules.stages) {
    if (stage == decide_connected) stages_.push_back(Stage::kConnected);
    if (stage == decide_hook) stages_.push_back(Stage::kHook);
    if (stage == decide_hashtable) stages_.push_back(Stage::kHashtable);
  }
  facts_.resize(ScenarioParts::kAllPackets);
  assign_results_.resize(ScenarioParts::kAllPackets * ScenarioParts::kAssigns);
  receivers_.resize(ScenarioParts::kAllPackets * kMostRecordedSockets);
  selected_.resize(ScenarioParts::kAssigns);
  selections_.resize(ScenarioParts::kAssigns);
  for (const Combination &combination : rules.combinations) combinations_.emplace_back(combination);
}

void RuleTables::forget_packets(size_t first, size_t count) {
  std::fill_n(&facts_[first], count, PacketFacts{});
  std::fill_n(&receivers_[first * kMostRecordedSockets], count * kMostRecordedSockets,
              kNobodyAsked);
  for (size_t assign = 0; assign < ScenarioParts::kStandingAssigns; ++assign) {
    std::fill_n(&assign_results_[assign_slot(first, assign)], count,
                std::array{kNotAsked, kNotAsked});
  }
}

void RuleTables::forget_assigns(size_t first, size_t count) {
  std::fill_n(assign_results_.begin() + static_cast<ptrdiff_t>(assign_slot(0, first)),
              count * ScenarioParts::kAllPackets, std::array{kNotAsked, kNotAsked});
  for (size_t assign = first; assign < first + count; ++assign) {
    selections_[assign].fill(kSelectionNotAsked);
    selected_[assign] = encode_selection(rules_.selected(parts_->assigns()[assign], {}));
  }
}

void RuleTables::forget_population(const ScenarioParts &parts) {
  parts_ = &parts;
  asked_ = parts.scenario();
  forget_packets(0, ScenarioParts::kPackets);
  forget_assigns(0, ScenarioParts::kStandingAssigns);
}

void RuleTables::forget_scenario(const ScenarioParts &parts) {
  forget_packets(0, ScenarioParts::kOwnPackets);
  forget_packets(ScenarioParts::kPackets, ScenarioParts::kSweptPackets);
  forget_assigns(ScenarioParts::kStandingAssigns,
                 parts.assigns().size() - ScenarioParts::kStandingAssigns);
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
  const auto connected = find_connected(asked_, rules_);
  const auto unconnected = find_unconnected(asked_, rules_);
  facts.connected = connected ? SocketMask{1} << SocketSet::mark_of(*connected) : 0;
  facts.hashtable = unconnected ? receivers(packet, *unconnected) : 0;
  facts.known = true;
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

SelectionCode RuleTables::selection_after(uint16_t assign, bool done, SelectionCode before) {
  SelectionCode &after = selections_[assign][before + (done ? kSelectionCodes : 0)];
  if (after != kSelectionNotAsked) return after;
  after = encode_selection((done ? rules_.selected : rules_.not_selected)(
      parts_->assigns()[assign], decode_selection(before)));
  return after;
}

// The hot path of a campaign, with allow_runs().
bool RuleTables::perform(size_t packet, const sklab_run &run, SelectionCode &selection) {
  const ScenarioParts::Script &script = parts_->scripts()[run.script];
  const size_t assigns = script.assign_count;
  // A byte that is referred to could be any memory: it would be read again after every write.
  SelectionCode now = selection;
  int difference = 0;
  for (size_t i = 0; i < assigns; ++i) {
    const uint16_t assign = script.assigns[i];
    const int result = assign_result(packet, assign, now >= 2);
    if (selects_alone_) {
      now = result == 0 ? selected_[assign] : now;
    } else {
      now = selection_after(assign, result == 0, now);
    }
    difference |= run.results[i] ^ result;
  }
  selection = now;
  return difference == 0 && run.count == 1;
}

// A program that ran before, for the same packet and from the same state, does the same again:
// where the last lookup's did what is right, this one's has to look the same.
bool RuleTables::allow_runs(size_t packet, std::span<const sklab_run> runs, VerdictCode &verdict) {
  CombinationTable &combination = combinations_[static_cast<size_t>(asked_.dialect)];
  verdict = combination.without_programs();
  const bool comparable = packet == last_packet_ && runs.size() == last_runs_.size();
  RunStateCode state = combination.start();
  for (size_t position = 0; position < runs.size(); ++position) {
    const sklab_run &run = runs[position];
    const Action action = actions_[run.script];
    const bool again =
        comparable && last_runs_[position].script == run.script && last_states_[position] == state;
    last_states_[position] = state;
    SelectionCode selection = CombinationTable::running_selection(state);
    if (again && look_the_same(run, last_runs_[position])) {
      selection = last_selections_[position];
    } else if (run.order != position + 1 || !perform(packet, run, selection)) {
      forget_last();
      return false;
    }
    last_selections_[position] = selection;
    state = CombinationTable::with_selection(state, selection);
    if (position + 1 == runs.size())
      verdict = combination.decide(state, action);
    else
      state = combination.step(state, action);
  }
  last_packet_ = packet;
  last_runs_ = runs;
  return true;
}

bool RuleTables::allow(size_t packet, std::span<const sklab_run> runs, uint32_t mark) {
  SocketMask allowed = 1;
  bool programs_ran = false;
  bool decided = false;
  for (size_t i = 0; i < stages_.size() && !decided; ++i) {
    if (stages_[i] == Stage::kHook) {
      programs_ran = true;
      VerdictCode verdict = 0;
      if (!allow_runs(packet, runs, verdict)) return false;
      const Selection selection =
          decode_selection(static_cast<SelectionCode>(verdict & (kVerdictDrops - 1)));
      decided = selection.socket || (verdict & kVerdictDrops) != 0;
      if (selection.socket) {
        allowed = selection.no_reuseport ? SocketMask{1} << SocketSet::mark_of(*selection.socket)
                                         : receivers(packet, *selection.socket);
      }
      continue;
    }
    const PacketFacts &known = facts(packet);
    const SocketMask found = stages_[i] == Stage::kConnected ? known.connected : known.hashtable;
    decided = found != 0;
    if (decided) allowed = found;
  }
  const bool none_ran =
      programs_ran ||
      std::all_of(runs.begin(), runs.end(), [](const sklab_run &run) { return run.count == 0; });
  return none_ran && mark < 32 && (allowed >> mark & 1) != 0;
}

}  // namespace sklab
