// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// The verifier's walk through a program of steps (do_check in kernel/bpf/verifier.c): every path,
// except those that what is known rules out.
#include <algorithm>
#include <array>
#include <limits>
#include <optional>
#include <utility>

#include "harness/model/load_refusals.h"
#include "harness/model/load_rules.h"

namespace sklab {
namespace {

constexpr uint64_t kHighest = std::numeric_limits<uint64_t>::max();

constexpr uint64_t highest_of(uint32_t size) {
  return size == 8 ? kHighest : (1ULL << 8 * size) - 1;
}

constexpr KnownValue number_between(uint64_t low, uint64_t high) {
  return {ValueKind::kNumber, low, high, 0, 0};
}

// What a constant of these forms is as 64 bits.
template <typename Form>
uint64_t constant_of(Form form, uint64_t value) {
  if (form == Form::kSigned32) return static_cast<uint64_t>(int64_t{static_cast<int32_t>(value)});
  return form == Form::kUnsigned32 ? static_cast<uint32_t>(value) : value;
}

// `number & mask`, of which the lowest is no longer known (scalar_min_max_and).
KnownValue masked(const KnownValue &number, uint64_t mask) {
  if (number.low == number.high) return number_between(number.low & mask, number.low & mask);
  return number_between(0, std::min(number.high, mask));
}

class Walk {
 public:
  // With an observer it goes on after what is refused.
  Walk(const StepProgram &program, const LoadRules &rules, RefusalObserver *observer)
      : steps_(program.steps), rules_(rules), observer_(observer) {}

  // Of the path that has come to step `index`. The first refusal, in the order of the verifier,
  // which goes on with the next step before it comes back for the branch.
  LoadVerdict go_on(LoadState state, size_t index) {
    for (; index < steps_.size(); ++index) {
      const Step &step = steps_[index];
      if (step.kind == StepKind::kIf) return branch(state, index);
      const LoadReason reason = check(step, state);
      if (refuses(reason, index, state)) return {reason, index};
      if (step.kind == StepKind::kReturn) break;
    }
    return {};
  }

 private:
  // Whether the walk ends here.
  bool refuses(LoadReason reason, size_t index, const LoadState &state) {
    if (reason == LoadReason::kNone) return false;
    if (observer_ != nullptr) observer_->refused(reason, index, state);
    return observer_ == nullptr;
  }

  // Of what this step makes. On one path it comes once.
  [[nodiscard]] unsigned id_of(const Step &step) const {
    return static_cast<unsigned>(&step - steps_.data()) + 1;
  }
  static KnownValue value_of(const LoadState &state, StepSource source, uint64_t number) {
    if (is_kept(source)) return state.values[static_cast<size_t>(source)];
    if (source == StepSource::kContext) return {ValueKind::kContext};
    if (source == StepSource::kNumber) return number_between(number, number);
    return {ValueKind::kAddress};
  }
  static KnownValue &result(LoadState &state) {
    return state.values[static_cast<size_t>(StepSource::kResult)];
  }
  static bool is_unwritten(const KnownValue &value) { return value.kind == ValueKind::kNothing; }

  LoadReason check(const Step &step, LoadState &state) {
    switch (step.kind) {
      case StepKind::kLookUp:
        return look_up(step, state);
      case StepKind::kLoad:
        return load(step, state);
      case StepKind::kStore:
        return store(step, state);
      case StepKind::kSet:
        return set(step, state);
      case StepKind::kCopy:
        return copy(step, state);
      case StepKind::kMask:
        return mask(step, state);
      case StepKind::kAssign:
        return assign(step, state);
      case StepKind::kRelease:
        return release(step, state);
      case StepKind::kReturn:
        return leave(step, state);
      case StepKind::kCallHelper:
        return call_helper(step, state);
      default:
        // kObserve: addresses may be shown.
        return is_unwritten(value_of(state, step.source, 0)) ? LoadReason::kUnwritten
                                                             : LoadReason::kNone;
    }
  }

  LoadReason look_up(const Step &step, LoadState &state) {
    const unsigned id = id_of(step);
    const KnownValue found = {ValueKind::kMapped, 0, 0, id, id};
    state.references |= reference_bit(id);
    state.values[step.slot] = found;
    result(state) = found;
    return LoadReason::kNone;
  }

  [[nodiscard]] bool may_access(const KnownValue &base, const Step &step, AccessKind kind) const {
    if (base.kind == ValueKind::kContext) {
      return rules_.context_access(step.offset, step.size, kind);
    }
    return base.kind == ValueKind::kSocket && rules_.socket_access(step.offset, step.size, kind);
  }

  LoadReason load(const Step &step, LoadState &state) {
    const KnownValue base = value_of(state, step.source, 0);
    if (is_unwritten(base)) return LoadReason::kUnwritten;
    if (!may_access(base, step, AccessKind::kRead)) return LoadReason::kAccess;
    ValueKind &before = loaded_from_[id_of(step)];
    const bool is_first = before == ValueKind::kNothing;
    if (!is_first && !rules_.may_load_from_both(before, base.kind)) return LoadReason::kAccess;
    before = base.kind;
    const bool is_selected = base.kind == ValueKind::kContext && step.offset == 0 && step.size == 8;
    state.values[step.slot] = is_selected ? KnownValue{ValueKind::kSelected, 0, 0, id_of(step), 0}
                                          : number_between(0, highest_of(step.size));
    return LoadReason::kNone;
  }

  LoadReason store(const Step &step, const LoadState &state) const {
    const KnownValue base = value_of(state, step.source, 0);
    if (is_unwritten(base)) return LoadReason::kUnwritten;
    return may_access(base, step, AccessKind::kWrite) ? LoadReason::kNone : LoadReason::kAccess;
  }

  static LoadReason set(const Step &step, LoadState &state) {
    KnownValue &slot = state.values[step.slot];
    const auto form = static_cast<SetForm>(step.form);
    if (form == SetForm::kContext) {
      slot = {ValueKind::kContext};
    } else if (form == SetForm::kGiven) {
      slot = number_between(0, kHighest);
    } else {
      const uint64_t number = constant_of(form, step.value);
      slot = number_between(number, number);
    }
    return LoadReason::kNone;
  }

  LoadReason copy(const Step &step, LoadState &state) {
    KnownValue &from = state.values[static_cast<size_t>(step.source)];
    if (is_unwritten(from)) return LoadReason::kUnwritten;
    // From then on, what is found out about one unknown number is known of the other.
    if (from.kind == ValueKind::kNumber && from.id == 0 && from.low != from.high) {
      from.id = id_of(step);
    }
    state.values[step.slot] = from;
    return LoadReason::kNone;
  }

  static LoadReason mask(const Step &step, LoadState &state) {
    KnownValue &slot = state.values[step.slot];
    if (is_unwritten(slot)) return LoadReason::kUnwritten;
    if (slot.kind != ValueKind::kNumber) return LoadReason::kArithmetic;
    slot = masked(slot, step.value);
    return LoadReason::kNone;
  }

  LoadReason assign(const Step &step, LoadState &state) const {
    KnownValue socket = value_of(state, step.source, 0);
    const KnownValue context = value_of(state, step.context, 0);
    const KnownValue flags = value_of(state, step.flags, step.value);
    if (is_unwritten(socket) || is_unwritten(context) || is_unwritten(flags)) {
      return LoadReason::kUnwritten;
    }
    if (step.offset != 0) {
      // No socket anymore, but a number that becomes 0 is NULL.
      if (socket.kind != ValueKind::kNumber) return LoadReason::kArithmetic;
      if (socket.low != socket.high) return LoadReason::kAssign;
      const uint64_t sum = socket.low + static_cast<uint64_t>(int64_t{step.offset});
      socket = number_between(sum, sum);
    }
    if (!rules_.may_be_context(context) || !rules_.may_be_assigned(socket)) {
      return LoadReason::kAssign;
    }
    result(state) = number_between(0, kHighest);
    return LoadReason::kNone;
  }

  LoadReason release(const Step &step, LoadState &state) const {
    const KnownValue socket = value_of(state, step.source, 0);
    if (is_unwritten(socket)) return LoadReason::kUnwritten;
    if (!rules_.may_be_released(socket)) return LoadReason::kRelease;
    rules_.after_release(state, socket.reference);
    result(state) = number_between(0, kHighest);
    return LoadReason::kNone;
  }

  LoadReason leave(const Step &step, const LoadState &state) const {
    const auto form = static_cast<ReturnForm>(step.form);
    KnownValue code = number_between(0, 1);
    if (form < ReturnForm::kAsItIs) {
      const uint64_t number = constant_of(form, step.value);
      code = number_between(number, number);
    } else {
      const LoadReason reason = shape(form, value_of(state, step.source, 0), code);
      if (reason != LoadReason::kNone) return reason;
    }
    // The verifier looks for references first (process_bpf_exit_full).
    if (!rules_.may_leave(state)) return LoadReason::kReference;
    return rules_.may_be_returned(code) ? LoadReason::kNone : LoadReason::kReturn;
  }

  // What is made of `value` for R0.
  static LoadReason shape(ReturnForm form, const KnownValue &value, KnownValue &code) {
    if (is_unwritten(value)) return LoadReason::kUnwritten;
    const bool is_number = value.kind == ValueKind::kNumber;
    switch (form) {
      case ReturnForm::kAsItIs:
        code = value;
        return LoadReason::kNone;
      case ReturnForm::kLowestBit:
      case ReturnForm::kLowestBitAndOne:
        if (!is_number) return LoadReason::kArithmetic;
        code = masked(value, 1);
        if (form == ReturnForm::kLowestBitAndOne) {
          code.low += 1;
          code.high += 1;
        }
        return LoadReason::kNone;
      case ReturnForm::kAtMostOne:
        // An address may be compared with a number, but says nothing about it.
        if (!is_number) code = value;
        return LoadReason::kNone;
      default:
        // kWhetherEqual: 0 or 1, whatever was compared.
        return LoadReason::kNone;
    }
  }

  LoadReason call_helper(const Step &step, LoadState &state) const {
    const bool exists = rules_.has_helper(kMissingHelpers[step.form]);
    if (exists) result(state) = number_between(0, kHighest);
    return exists ? LoadReason::kNone : LoadReason::kHelper;
  }

  LoadVerdict branch(const LoadState &state, size_t index) {
    const Step &step = steps_[index];
    const size_t target = index + 1 + step.length;
    const auto form = static_cast<IfForm>(step.form);
    // Fields of the context can be anything.
    if (form == IfForm::kFieldEqual || form == IfForm::kFieldNotEqual) {
      const LoadVerdict verdict = go_on(state, index + 1);
      return verdict.loads() ? go_on(state, target) : verdict;
    }
    const KnownValue value = value_of(state, step.source, 0);
    const LoadReason reason = is_unwritten(value) ? LoadReason::kUnwritten : LoadReason::kNone;
    if (refuses(reason, index, state)) return {reason, index};
    const bool wants_null = form == IfForm::kNull;
    LoadVerdict verdict;
    if (const auto inside = compared_with_null(state, step.source, wants_null)) {
      verdict = go_on(*inside, index + 1);
    }
    if (!verdict.loads()) return verdict;
    const auto outside = compared_with_null(state, step.source, !wants_null);
    return outside ? go_on(*outside, target) : verdict;
  }

  // What is known on the branch on which the value is, or is not, 0; none when no path leads there
  // (is_branch_taken).
  [[nodiscard]] std::optional<LoadState> compared_with_null(LoadState state, StepSource source,
                                                            bool is_null) const {
    const KnownValue value = value_of(state, source, 0);
    switch (value.kind) {
      case ValueKind::kNumber:
        if (is_null ? value.low > 0 : value.high == 0) return std::nullopt;
        learn_number(state, source, is_null);
        return state;
      case ValueKind::kMapped:
      case ValueKind::kSelected:
        rules_.after_null_check(state, value, is_null);
        return state;
      case ValueKind::kSocket:
        if (is_null) return std::nullopt;
        return state;
      default:
        // Nothing is concluded from an address of another kind.
        return state;
    }
  }

  // For its copies, too.
  void learn_number(LoadState &state, StepSource source, bool is_null) const {
    KnownValue &compared = state.values[static_cast<size_t>(source)];
    const uint64_t least = rules_.learns_inequality ? 1 : 0;
    compared = {ValueKind::kNumber, is_null ? 0 : std::max(compared.low, least),
                is_null ? 0 : compared.high, compared.id, 0};
    if (compared.id == 0) return;
    for (KnownValue &other : state.values) {
      if (other.kind == ValueKind::kNumber && other.id == compared.id) other = compared;
    }
  }

  const std::vector<Step> &steps_;
  const LoadRules &rules_;
  RefusalObserver *observer_;
  // On the paths so far, by id_of().
  std::array<ValueKind, kMostSteps + 2> loaded_from_{};
};

}  // namespace

LoadVerdict judge_program(const StepProgram &program, const LoadRules &rules) {
  return judge_program(program, rules, nullptr);
}

LoadVerdict judge_program(const StepProgram &program, const LoadRules &rules,
                          RefusalObserver *observer) {
  return Walk(program, rules, observer).go_on({}, 0);
}

}  // namespace sklab
