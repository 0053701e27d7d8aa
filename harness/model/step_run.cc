// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/model/step_run.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cerrno>

#include "harness/model/assign_rules.h"
#include "harness/model/context_rules.h"
#include "harness/model/socket_fields.h"

namespace sklab {
namespace {

// A value as it is at run time.
struct HeldValue {
  // What is a number can be computed with; what is not is the address of a socket or of something
  // else, and not 0.
  enum class Kind : uint8_t { kNumber, kSocket, kAddress, kUnpredictable };
  Kind kind = Kind::kAddress;
  uint64_t number = 0;
  size_t socket = 0;
  bool is_context = false;
};

constexpr HeldValue held_number(uint64_t number) { return {HeldValue::Kind::kNumber, number}; }
constexpr HeldValue held_socket(std::optional<size_t> socket) {
  return socket ? HeldValue{HeldValue::Kind::kSocket, 0, *socket} : held_number(0);
}

// Loads of two bytes of which the kernel has none.
bool is_high_half(uint32_t offset, uint32_t size) {
  constexpr uint32_t kHighHalf = std::endian::native == std::endian::little ? 2 : 0;
  const ContextField &field = *context_field_at(static_cast<int>(offset));
  const bool kept_in_16_bits =
      field.name == "family" || field.name == "protocol" || field.name == "local_port";
  return kept_in_16_bits && size == 2 && offset == field.offset + kHighHalf;
}

class Run {
 public:
  Run(const StepProgram &program, const Rules &rules, const KnownDeviations &deviations)
      : program_(program),
        rules_(rules),
        deviations_(deviations),
        context_(context_of(program.packet, 0)),
        combination_(rules.combinations[static_cast<size_t>(Dialect::kPassDrop)]) {
    run_.shown.resize(program.steps.size());
  }

  std::optional<StepRun> complete() {
    combination_.before(state_);
    size_t index = 0;
    while (program_.steps[index].kind != StepKind::kReturn) {
      const Step &step = program_.steps[index];
      const bool jump = step.kind == StepKind::kIf && !holds(step);
      if (step.kind != StepKind::kIf) make(step, index);
      index += 1 + (jump ? step.length : 0);
    }
    const std::optional<uint32_t> code = returned(program_.steps[index]);
    if (!predictable_ || !code) return std::nullopt;
    finish(*code);
    return std::move(run_);
  }

 private:
  using Kind = HeldValue::Kind;

  [[nodiscard]] HeldValue value_of(StepSource source) const {
    if (is_kept(source)) return values_[static_cast<size_t>(source)];
    if (source == StepSource::kNumber) return held_number(0);
    HeldValue address;
    address.is_context = source == StepSource::kContext;
    return address;
  }
  HeldValue &slot(const Step &step) { return values_[step.slot]; }
  HeldValue &result() { return values_[static_cast<size_t>(StepSource::kResult)]; }

  void show(size_t index, const HeldValue &value) {
    const bool is_number = value.kind == Kind::kNumber;
    run_.shown[index] = {true, is_number, is_number ? value.number : 0};
  }

  void make(const Step &step, size_t index) {
    switch (step.kind) {
      case StepKind::kLookUp:
        slot(step) = held_socket(step.value < step_sockets().size()
                                     ? std::optional(static_cast<size_t>(step.value))
                                     : std::nullopt);
        result() = slot(step);
        break;
      case StepKind::kLoad:
        slot(step) = loaded(step);
        show(index, slot(step));
        break;
      case StepKind::kSet:
        slot(step) = set(step);
        break;
      case StepKind::kCopy:
        slot(step) = value_of(step.source);
        break;
      case StepKind::kMask:
        mask(slot(step), step.value);
        break;
      case StepKind::kObserve:
        show(index, value_of(step.source));
        break;
      case StepKind::kAssign:
        result() = assign(step);
        show(index, result());
        break;
      default:
        break;
    }
    // Neither a store nor a helper of others loads.
    if (step.kind == StepKind::kRelease) result() = held_number(0);
  }

  static void mask(HeldValue &value, uint64_t mask) {
    if (value.kind != Kind::kNumber) value.kind = Kind::kUnpredictable;
    value.number &= mask;
  }

  [[nodiscard]] HeldValue set(const Step &step) const {
    switch (static_cast<SetForm>(step.form)) {
      case SetForm::kSigned32:
        return held_number(static_cast<uint64_t>(int64_t{static_cast<int32_t>(step.value)}));
      case SetForm::kUnsigned32:
        return held_number(static_cast<uint32_t>(step.value));
      case SetForm::k64:
        return held_number(step.value);
      case SetForm::kGiven:
        return held_number(program_.given);
      default:
        return value_of(StepSource::kContext);
    }
  }

  [[nodiscard]] HeldValue loaded(const Step &step) const {
    const HeldValue base = value_of(step.source);
    const auto offset = static_cast<uint32_t>(step.offset);
    if (base.is_context) {
      if (step.size == 8) return held_socket(state_.context.socket);
      const bool repeats = deviations_.repeats_low_half && is_high_half(offset, step.size);
      return held_number(loaded_value(context_, repeats ? offset ^ 2U : offset, step.size));
    }
    const auto value = socket_value(step_sockets()[base.socket],
                                    static_cast<uint32_t>(base.socket + 1), offset, step.size);
    if (value) return held_number(*value);
    return {Kind::kUnpredictable};
  }

  HeldValue assign(const Step &step) {
    HeldValue socket = value_of(step.source);
    if (socket.kind == Kind::kNumber) {
      socket.number += static_cast<uint64_t>(int64_t{step.offset});
    }
    const HeldValue flags =
        step.flags == StepSource::kNumber ? held_number(step.value) : value_of(step.flags);
    // What has been masked can be any flags, an address has bits that are none.
    if (flags.kind == Kind::kUnpredictable) predictable_ = false;
    const uint64_t bits = flags.kind == Kind::kNumber ? flags.number : ~uint64_t{0};
    const bool is_socket = socket.kind == Kind::kSocket;
    const AssignOperation operation{is_socket ? std::optional(socket.socket) : std::nullopt, bits};
    const SocketSpec *spec = is_socket ? &step_sockets()[socket.socket] : nullptr;
    const int error =
        check_assign(rules_, {spec, bits, program_.packet, state_.context.socket.has_value()});
    state_.context = error == 0 ? rules_.selected(operation, state_.context)
                                : rules_.not_selected(operation, state_.context);
    return held_number(static_cast<uint64_t>(int64_t{error}));
  }

  bool holds(const Step &step) {
    const auto form = static_cast<IfForm>(step.form);
    if (form == IfForm::kFieldEqual || form == IfForm::kFieldNotEqual) {
      const ComparedField &field = compared_field(step);
      const bool equal = loaded_value(context_, field.offset, field.size) == step.value;
      return equal == (form == IfForm::kFieldEqual);
    }
    const HeldValue value = value_of(step.source);
    if (value.kind == Kind::kUnpredictable) predictable_ = false;
    const bool is_null = value.kind == Kind::kNumber && value.number == 0;
    return is_null == (form == IfForm::kNull);
  }

  // None when it depends on an address.
  [[nodiscard]] std::optional<uint32_t> returned(const Step &step) const {
    const auto form = static_cast<ReturnForm>(step.form);
    if (form < ReturnForm::kAsItIs) return static_cast<uint32_t>(step.value);
    const HeldValue value = value_of(step.source);
    if (form == ReturnForm::kWhetherEqual && value.kind != Kind::kUnpredictable) {
      return value.kind == Kind::kNumber && value.number == step.value ? 1 : 0;
    }
    // An address is more than 1.
    if (form == ReturnForm::kAtMostOne && value.kind != Kind::kUnpredictable) {
      return value.kind == Kind::kNumber
                 ? static_cast<uint32_t>(std::min<uint64_t>(value.number, 1))
                 : 1;
    }
    if (value.kind != Kind::kNumber) return std::nullopt;
    switch (form) {
      case ReturnForm::kLowestBit:
        return static_cast<uint32_t>(value.number & 1);
      case ReturnForm::kLowestBitAndOne:
        return static_cast<uint32_t>((value.number & 1) + 1);
      default:
        return static_cast<uint32_t>(value.number);
    }
  }

  void finish(uint32_t code) {
    const Action action = code == kSkPass ? Action::kPass : Action::kDrop;
    combination_.after(state_, action);
    const Decision verdict = combination_.decide(state_);
    run_.return_code = verdict.drop ? kSkDrop : kSkPass;
    run_.selected = verdict.selection.socket;
    const bool in_group =
        run_.selected && step_sockets()[*run_.selected].reuseport_group.has_value();
    // A test run does not choose a member of a group (bpf_prog_test_run_sk_lookup).
    if (in_group && !verdict.selection.no_reuseport) {
      run_.error = EOPNOTSUPP;
      run_.return_code = 0;
      run_.selected.reset();
    }
  }

  const StepProgram &program_;
  const Rules &rules_;
  const KnownDeviations &deviations_;
  const ContextBytes context_;
  const Combination &combination_;
  RunState state_;
  std::array<HeldValue, kKeptValues> values_;
  bool predictable_ = true;
  StepRun run_;
};

}  // namespace

std::optional<StepRun> run_program(const StepProgram &program, const Rules &rules,
                                   const KnownDeviations &deviations) {
  return Run(program, rules, deviations).complete();
}

}  // namespace sklab
