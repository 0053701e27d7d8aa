// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/path/step_code.h"

namespace sklab {
namespace {

using namespace instructions;

constexpr uint8_t kContextRegister = BPF_REG_6;
constexpr uint8_t slot_register(size_t slot) { return static_cast<uint8_t>(BPF_REG_7 + slot); }

// The register that a kept value or the context is in.
uint8_t register_of(StepSource source) {
  if (source == StepSource::kResult) return BPF_REG_0;
  if (source == StepSource::kContext) return kContextRegister;
  return slot_register(static_cast<size_t>(source));
}

template <typename Form>
Code constant(Form form, uint8_t destination, uint64_t value) {
  if (form == Form::kSigned32) return Code(move(destination, static_cast<int32_t>(value)));
  if (form == Form::kUnsigned32) {
    return Code(move_low_half(destination, static_cast<int32_t>(value)));
  }
  return Code(move_64(destination, value));
}

class StepCompiler {
 public:
  explicit StepCompiler(const StepMaps &maps) : maps_(maps) {}

  // Without its jump, if it is a branch.
  [[nodiscard]] Code compile(const Step &step, size_t index) const {
    const uint8_t slot = slot_register(step.slot);
    switch (step.kind) {
      case StepKind::kLookUp:
        return Code(store_constant(4, BPF_REG_10, -4, static_cast<int32_t>(step.value)),
                    copy(BPF_REG_2, BPF_REG_10), add(BPF_REG_2, -4),
                    load_map(BPF_REG_1, map_of(step)), call(BPF_FUNC_map_lookup_elem),
                    copy(slot, BPF_REG_0));
      case StepKind::kLoad:
        return Code(load(step.size, slot, register_of(step.source), step.offset),
                    show(index, slot));
      case StepKind::kStore:
        return store_step(step);
      case StepKind::kSet:
        return set(step, slot);
      case StepKind::kCopy:
        return Code(copy(slot, register_of(step.source)));
      case StepKind::kMask:
        return Code(bit_and(slot, static_cast<int32_t>(step.value)));
      case StepKind::kObserve:
        return Code(give(BPF_REG_2, step.source), show(index, BPF_REG_2));
      case StepKind::kAssign:
        return assign_step(step, index);
      case StepKind::kRelease:
        return Code(give(BPF_REG_1, step.source), call(BPF_FUNC_sk_release));
      case StepKind::kReturn:
        return Code(return_value(step), leave());
      case StepKind::kCallHelper:
        return call_helper(step);
      default:
        return condition(step);
    }
  }

  // Past the block of a branch.
  static bpf_insn jump(const Step &step, int16_t count) {
    const auto value = static_cast<int32_t>(step.value);
    switch (static_cast<IfForm>(step.form)) {
      case IfForm::kNotNull:
        return skip_if_equal(register_of(step.source), 0, count);
      case IfForm::kNull:
        return skip_if_not_equal(register_of(step.source), 0, count);
      case IfForm::kFieldEqual:
        return skip_if_not_equal(BPF_REG_1, value, count);
      default:
        return skip_if_equal(BPF_REG_1, value, count);
    }
  }

 private:
  [[nodiscard]] int map_of(const Step &step) const {
    return static_cast<MapForm>(step.form) == MapForm::kSockmap ? maps_.sockmap : maps_.sockhash;
  }

  [[nodiscard]] Code give(uint8_t destination, StepSource source) const {
    switch (source) {
      case StepSource::kNumber:
        return Code(move(destination, 0));
      case StepSource::kStack:
        return Code(copy(destination, BPF_REG_10));
      case StepSource::kMap:
        return Code(load_map(destination, maps_.sockmap));
      case StepSource::kMapValue:
        return Code(load_map_value(destination, maps_.memory));
      default:
        return Code(copy(destination, register_of(source)));
    }
  }

  [[nodiscard]] Code show(size_t index, uint8_t shown) const {
    const auto offset = static_cast<int16_t>(offsetof(StepMemory, shown) + 8 * index);
    return Code(load_map_value(BPF_REG_1, maps_.memory), store(8, BPF_REG_1, offset, shown));
  }

  static Code store_step(const Step &step) {
    const uint8_t base = register_of(step.source);
    if (static_cast<StoreForm>(step.form) == StoreForm::kConstant) {
      return Code(store_constant(step.size, base, step.offset, 0));
    }
    bpf_insn store_it = store(step.size, base, step.offset, BPF_REG_1);
    if (static_cast<StoreForm>(step.form) == StoreForm::kAtomicAdd) {
      store_it.code = static_cast<uint8_t>(BPF_STX | BPF_ATOMIC | size_code(step.size));
      store_it.imm = BPF_ADD;
    }
    return Code(move(BPF_REG_1, 0), store_it);
  }

  [[nodiscard]] Code set(const Step &step, uint8_t slot) const {
    const auto form = static_cast<SetForm>(step.form);
    if (form == SetForm::kContext) return Code(copy(slot, kContextRegister));
    if (form == SetForm::kGiven) {
      return Code(load_map_value(BPF_REG_1, maps_.memory),
                  load(8, slot, BPF_REG_1, offsetof(StepMemory, given)));
    }
    return constant(form, slot, step.value);
  }

  [[nodiscard]] Code assign_step(const Step &step, size_t index) const {
    Code code = give(BPF_REG_2, step.source);
    if (step.offset != 0) code.append(add(BPF_REG_2, step.offset));
    if (step.flags == StepSource::kNumber) {
      code.append(move_64(BPF_REG_3, step.value));
    } else {
      code.append(give(BPF_REG_3, step.flags));
    }
    code.append(give(BPF_REG_1, step.context)).append(call(BPF_FUNC_sk_assign));
    return code.append(show(index, BPF_REG_0));
  }

  [[nodiscard]] Code return_value(const Step &step) const {
    const auto form = static_cast<ReturnForm>(step.form);
    if (form < ReturnForm::kAsItIs) return constant(form, BPF_REG_0, step.value);
    Code code;
    // Only what is in R0 already is returned without a copy.
    if (step.source != StepSource::kResult) code.append(give(BPF_REG_0, step.source));
    if (form == ReturnForm::kLowestBit) return code.append(bit_and(BPF_REG_0, 1));
    if (form == ReturnForm::kLowestBitAndOne) {
      return code.append(bit_and(BPF_REG_0, 1)).append(add(BPF_REG_0, 1));
    }
    if (form == ReturnForm::kAtMostOne) {
      return code.append(skip_if_at_most(BPF_REG_0, 1, 1)).append(move(BPF_REG_0, 1));
    }
    if (form == ReturnForm::kWhetherEqual) {
      return code.append(skip_if_equal(BPF_REG_0, static_cast<int32_t>(step.value), 2))
          .append(move(BPF_REG_0, 0))
          .append(skip(1))
          .append(move(BPF_REG_0, 1));
    }
    return code;
  }

  static Code call_helper(const Step &step) {
    return Code(copy(BPF_REG_1, kContextRegister), move(BPF_REG_2, 0), move(BPF_REG_3, 0),
                move(BPF_REG_4, 0), move(BPF_REG_5, 0), call(kMissingHelpers[step.form].id));
  }

  static Code condition(const Step &step) {
    const auto form = static_cast<IfForm>(step.form);
    if (form == IfForm::kNotNull || form == IfForm::kNull) return {};
    const ComparedField &field = compared_field(step);
    return Code(load(field.size, BPF_REG_1, kContextRegister, field.offset));
  }

  const StepMaps &maps_;
};

}  // namespace

StepCode compile_steps(const StepProgram &program, const StepMaps &maps) {
  const StepCompiler compiler(maps);
  const std::vector<Step> &steps = program.steps;
  std::vector<Code> parts;
  StepCode compiled;
  size_t position = 1;
  for (size_t i = 0; i < steps.size(); ++i) {
    parts.push_back(compiler.compile(steps[i], i));
    compiled.first_instruction.push_back(position);
    position += parts.back().all().size() + (steps[i].kind == StepKind::kIf ? 1 : 0);
  }
  compiled.first_instruction.push_back(position);
  compiled.code.append(copy(kContextRegister, BPF_REG_1));
  for (size_t i = 0; i < steps.size(); ++i) {
    compiled.code.append(parts[i]);
    if (steps[i].kind != StepKind::kIf) continue;
    const size_t target = compiled.first_instruction[i + 1 + steps[i].length];
    const size_t next = compiled.first_instruction[i + 1];
    compiled.code.append(StepCompiler::jump(steps[i], static_cast<int16_t>(target - next)));
  }
  return compiled;
}

}  // namespace sklab
