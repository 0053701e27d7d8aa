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

constexpr bool includes(uint32_t sockets, uint32_t mark) {
  return mark < 32 && (sockets >> mark & 1) != 0;
}

// What the same assign does with all packets lies together: few assigns are used.
constexpr size_t assign_slot(size_t packet, size_t assign) {
  return assign * ScenarioParts::kAllPackets + packet;
}

// Of programs with few assigns: everything that they leave behind stands in the first 16 bytes.
static_assert(offsetof(sklab_run, results[ScenarioParts::kUsualAssigns]) == 2 * sizeof(uint64_t));
// libFuzzer looks at every memcmp(3), which takes longer than it does.
bool look_the_same(const sklab_run &one, const sklab_run &other) {
  using Words = std::array<uint64_t, sizeof(sklab_run) / sizeof(uint64_t)>;
  static_assert(sizeof(Words) == sizeof(sklab_run));
  const auto left = std::bit_cast<Words>(one);
  const auto right = std::bit_cast<Words>(other);
  return ((left[0] ^ right[0]) | (left[1] ^ right[1])) == 0;
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
  has_usual_stages_ = stages_ == std::vector{Stage::kConnected, Stage::kHook, Stage::kHashtable};
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
  scripts_.clear();
  for (const ScenarioParts::Script &script : parts.scripts()) {
    const auto action = rules_.action(asked_.dialect, asked_.codes, script.return_code);
    scripts_.push_back(
        {action.value_or(Action::kPass), script.assign_count <= ScenarioParts::kUsualAssigns});
  }
}

inline const RuleTables::PacketFacts &RuleTables::facts(size_t packet) {
  return facts_[packet].known ? facts_[packet] : ask_facts(packet);
}

const RuleTables::PacketFacts &RuleTables::ask_facts(size_t packet) {
  PacketFacts &facts = facts_[packet];
  asked_.packet = parts_->packets()[packet];
  const auto connected = find_connected(asked_, rules_);
  const auto unconnected = find_unconnected(asked_, rules_);
  facts.connected = connected ? SocketMask{1} << SocketSet::mark_of(*connected) : 0;
  facts.hashtable = unconnected ? receivers(packet, *unconnected) : 0;
  facts.known = true;
  return facts;
}

int RuleTables::ask_assign(size_t packet, uint16_t assign, bool selected) {
  const AssignOperation &operation = parts_->assigns()[assign];
  const SocketSpec *socket = operation.socket ? &asked_.sockets[*operation.socket] : nullptr;
  const AssignCall call{socket, operation.flags, parts_->packets()[packet], selected};
  const int result = check_assign(rules_, call);
  assign_results_[assign_slot(packet, assign)][selected ? 1 : 0] = static_cast<int16_t>(result);
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

// The hot path of a campaign, with those that call it. What members and references refer to could
// be any memory for the compiler, and would be read again for every assign.
inline bool RuleTables::perform(size_t packet, const sklab_run &run, SelectionCode &selection) {
  const ScenarioParts::Script &script = parts_->scripts()[run.script];
  const size_t assigns = script.assign_count;
  const std::array<int16_t, 2> *const results = &assign_results_[assign_slot(packet, 0)];
  const SelectionCode *const selected = selected_.data();
  const bool selects_alone = selects_alone_;
  SelectionCode now = selection;
  int difference = run.count ^ 1;
  for (size_t i = 0; i < assigns; ++i) {
    const uint16_t assign = script.assigns[i];
    const bool has_selected = now >= 2;
    int result = results[assign_slot(0, assign)][has_selected ? 1 : 0];
    if (result == kNotAsked) [[unlikely]]
      result = ask_assign(packet, assign, has_selected);
    if (selects_alone) [[likely]] {
      now = result == 0 ? selected[assign] : now;
    } else {
      now = selection_after(assign, result == 0, now);
    }
    difference |= run.results[i] ^ result;
  }
  selection = now;
  return difference == 0;
}

// A program that ran before, for the same packet and from the same state, does the same again:
// where the last lookup's did what is right, this one's has to look the same.
bool RuleTables::allow_runs(size_t packet, std::span<const sklab_run> runs, VerdictCode &verdict) {
  CombinationTable &combination = combinations_[static_cast<size_t>(asked_.dialect)];
  verdict = combination.without_programs();
  if (runs.empty()) return true;
  const bool comparable = packet == last_packet_ && runs.size() == last_runs_.size();
  RunStateCode state = combination.start();
  for (size_t position = 0; position < runs.size(); ++position) {
    const sklab_run &run = runs[position];
    const bool again = comparable && last_states_[position] == state &&
                       look_the_same(run, last_runs_[position]) && scripts_[run.script].is_compact;
    last_states_[position] = state;
    if (again) {
      state = last_states_[position + 1];
      continue;
    }
    SelectionCode selection = CombinationTable::running_selection(state);
    if (run.order != position + 1 || !perform(packet, run, selection)) {
      forget_last();
      return false;
    }
    state = CombinationTable::with_selection(state, selection);
    const Action action = scripts_[run.script].action;
    state = position + 1 < runs.size() ? combination.step(state, action)
                                       : combination.decide(state, action);
  }
  last_states_[runs.size()] = state;
  last_packet_ = packet;
  last_runs_ = runs;
  verdict = static_cast<VerdictCode>(state);
  return true;
}

// By what programs decided; nobody, not even "no socket", where they leave it to the next stage.
inline RuleTables::SocketMask RuleTables::allowed_by(VerdictCode verdict, size_t packet) {
  const Selection selection =
      decode_selection(static_cast<SelectionCode>(verdict & (kVerdictDrops - 1)));
  if (!selection.socket) return (verdict & kVerdictDrops) != 0 ? 1 : 0;
  return selection.no_reuseport ? SocketMask{1} << SocketSet::mark_of(*selection.socket)
                                : receivers(packet, *selection.socket);
}

bool RuleTables::allow(size_t packet, std::span<const sklab_run> runs, uint32_t mark) {
  SocketMask allowed = 0;
  bool programs_ran = false;
  for (size_t i = 0; i < stages_.size() && allowed == 0; ++i) {
    if (stages_[i] == Stage::kHook) {
      programs_ran = true;
      VerdictCode verdict = 0;
      if (!allow_runs(packet, runs, verdict)) return false;
      allowed = allowed_by(verdict, packet);
      continue;
    }
    const PacketFacts &known = facts(packet);
    allowed = stages_[i] == Stage::kConnected ? known.connected : known.hashtable;
  }
  if (allowed == 0) allowed = 1;
  const bool none_ran =
      programs_ran ||
      std::all_of(runs.begin(), runs.end(), [](const sklab_run &run) { return run.count == 0; });
  return none_ran && includes(allowed, mark);
}

// The same for a single program, when the stages are the kernel's. A lookup with one program is so
// short that what several need would show (sklab fuzz --measure).
inline bool RuleTables::allow_one(size_t packet, const sklab_run &run, uint32_t mark) {
  const PacketFacts &known = facts(packet);
  if (known.connected != 0) return run.count == 0 && includes(known.connected, mark);
  CombinationTable &combination = combinations_[static_cast<size_t>(asked_.dialect)];
  const RunStateCode start = combination.start();
  SelectionCode selection = CombinationTable::running_selection(start);
  if (run.order != 1 || !perform(packet, run, selection)) return false;
  const VerdictCode verdict = combination.decide(CombinationTable::with_selection(start, selection),
                                                 scripts_[run.script].action);
  SocketMask allowed = allowed_by(verdict, packet);
  if (allowed == 0) allowed = known.hashtable;
  return includes(allowed == 0 ? 1 : allowed, mark);
}

std::optional<size_t> RuleTables::find_wrong(std::span<const sklab_lookup> lookups,
                                             std::span<const sklab_run> runs) {
  const size_t programs = parts_->programs();
  const bool one = programs == 1 && has_usual_stages_;
  forget_last();
  for (size_t i = 0; i < lookups.size(); ++i) {
    const sklab_lookup &lookup = lookups[i];
    const bool right =
        one ? allow_one(lookup.packet, runs[i], lookup.mark)
            : allow(lookup.packet, runs.subspan(i * programs, programs), lookup.mark);
    if (!right) return i;
  }
  return std::nullopt;
}

}  // namespace sklab
