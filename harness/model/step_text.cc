// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/model/step_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace sklab {
namespace {

std::string source_text(StepSource source) {
  constexpr std::array<const char *, kStepSources> kNames = {
      "slot 0", "slot 1", "slot 2", "R0", "context", "NULL", "stack", "map", "map value"};
  return kNames[static_cast<size_t>(source)];
}

std::string number_text(uint64_t value) {
  constexpr uint64_t kShort = 10;
  return value < kShort ? fmt::format("{}", value) : fmt::format("{:#x}", value);
}

std::string key_text(uint64_t key) {
  return key < step_sockets().size() ? step_sockets()[key].name : "an empty key";
}

std::string set_text(const Step &step) {
  switch (static_cast<SetForm>(step.form)) {
    case SetForm::kSigned32:
      return fmt::format("{}", static_cast<int32_t>(step.value));
    case SetForm::kUnsigned32:
      return number_text(static_cast<uint32_t>(step.value));
    case SetForm::k64:
      return number_text(step.value) + ", of 64 bits";
    case SetForm::kGiven:
      return "the given number";
    default:
      return "context";
  }
}

std::string condition_text(const Step &step) {
  const auto form = static_cast<IfForm>(step.form);
  if (form == IfForm::kNotNull) return source_text(step.source) + " is not NULL";
  if (form == IfForm::kNull) return source_text(step.source) + " is NULL";
  return fmt::format("{} {} {}", compared_field(step).name,
                     form == IfForm::kFieldEqual ? "==" : "!=", number_text(step.value));
}

std::string return_text(const Step &step) {
  std::string source = source_text(step.source);
  switch (static_cast<ReturnForm>(step.form)) {
    case ReturnForm::kSigned32:
      return fmt::format("{}", static_cast<int32_t>(step.value));
    case ReturnForm::kUnsigned32:
      return number_text(static_cast<uint32_t>(step.value)) + ", unsigned";
    case ReturnForm::k64:
      return number_text(step.value) + ", of 64 bits";
    case ReturnForm::kAsItIs:
      return source;
    case ReturnForm::kLowestBit:
      return source + " & 1";
    case ReturnForm::kLowestBitAndOne:
      return "(" + source + " & 1) + 1";
    case ReturnForm::kAtMostOne:
      return source + ", at most 1";
    default:
      return fmt::format("whether {} is {}", source, number_text(step.value));
  }
}

std::string assign_text(const Step &step) {
  const std::string offset = step.offset == 0 ? "" : fmt::format(" + {}", step.offset);
  const std::string flags =
      step.flags == StepSource::kNumber ? number_text(step.value) : source_text(step.flags);
  return fmt::format("assign({}, {}{}, {})", source_text(step.context), source_text(step.source),
                     offset, flags);
}

std::string memory_text(const Step &step) {
  return fmt::format("{} bytes at {} + {}", step.size, source_text(step.source), step.offset);
}

}  // namespace

std::string describe(const Step &step) {
  constexpr std::array<const char *, 3> kStores = {"", ", a constant", ", an atomic addition"};
  const std::string slot = fmt::format("slot {}", step.slot);
  switch (step.kind) {
    case StepKind::kLookUp:
      return fmt::format("{} = lookup in {}: {}", slot, step.form == 0 ? "SOCKMAP" : "SOCKHASH",
                         key_text(step.value));
    case StepKind::kLoad:
      return slot + " = " + memory_text(step);
    case StepKind::kStore:
      return "write " + memory_text(step) + kStores[step.form];
    case StepKind::kSet:
      return slot + " = " + set_text(step);
    case StepKind::kCopy:
      return slot + " = " + source_text(step.source);
    case StepKind::kMask:
      return fmt::format("{} &= {:#x}", slot, step.value);
    case StepKind::kObserve:
      return "show " + source_text(step.source);
    case StepKind::kAssign:
      return assign_text(step);
    case StepKind::kRelease:
      return fmt::format("release({})", source_text(step.source));
    case StepKind::kIf:
      return fmt::format("if {}, {} steps", condition_text(step), step.length);
    case StepKind::kReturn:
      return "return " + return_text(step);
    default:
      return fmt::format("call {}", kMissingHelpers[step.form].name);
  }
}

std::string describe(const StepProgram &program) {
  const Packet &packet = program.packet;
  std::string text = fmt::format("packet {} {} -> {}\ngiven number {:#x}\n",
                                 packet.protocol == Protocol::kTcp ? "tcp" : "udp",
                                 packet.source.text(), packet.destination.text(), program.given);
  std::vector<size_t> ends;
  for (size_t i = 0; i < program.steps.size(); ++i) {
    std::erase_if(ends, [i](size_t end) { return end <= i; });
    text += fmt::format("{:>3}: {:{}}{}\n", i, "", 2 * ends.size(), describe(program.steps[i]));
    if (program.steps[i].kind == StepKind::kIf) ends.push_back(i + 1 + program.steps[i].length);
  }
  return text;
}

std::string describe(const LoadVerdict &verdict) {
  const std::string_view reason = kLoadReasons[static_cast<size_t>(verdict.reason)];
  if (verdict.loads()) return std::string(reason);
  return fmt::format("refused at step {}: {}", verdict.step, reason);
}

std::string describe(const StepRun &run) {
  std::string text;
  for (size_t i = 0; i < run.shown.size(); ++i) {
    const StepRun::Shown &shown = run.shown[i];
    if (!shown.shown) continue;
    text += fmt::format("step {}: {}\n", i,
                        shown.predicted ? fmt::format("{:#x}", shown.value) : "anything");
  }
  if (run.error != 0) return text + fmt::format("test run: errno {}\n", run.error);
  return text + fmt::format("returned {}\nselected {}\n", run.return_code,
                            run.selected ? step_sockets()[*run.selected].name : "none");
}

}  // namespace sklab
