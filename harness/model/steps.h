// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Steps by name, for programs that are written down.
#pragma once

#include <cstdint>
#include <initializer_list>

#include "harness/model/step_program.h"

namespace sklab::steps {

constexpr Step of_kind(StepKind kind, uint8_t form = 0) {
  Step step;
  step.kind = kind;
  step.form = form;
  return step;
}

constexpr Step look_up(uint8_t slot, uint64_t key, MapForm map = MapForm::kSockmap) {
  Step step = of_kind(StepKind::kLookUp, static_cast<uint8_t>(map));
  step.slot = slot;
  step.value = key;
  return step;
}

constexpr Step load(uint8_t slot, StepSource base, int offset, uint32_t size) {
  Step step = of_kind(StepKind::kLoad);
  step.slot = slot;
  step.source = base;
  step.offset = static_cast<int16_t>(offset);
  step.size = static_cast<uint8_t>(size);
  return step;
}

constexpr Step store(StepSource base, int offset, uint32_t size, StoreForm form) {
  Step step = load(0, base, offset, size);
  step.kind = StepKind::kStore;
  step.form = static_cast<uint8_t>(form);
  return step;
}

constexpr Step set(uint8_t slot, SetForm form, uint64_t value = 0) {
  Step step = of_kind(StepKind::kSet, static_cast<uint8_t>(form));
  step.slot = slot;
  step.value = value;
  return step;
}

constexpr Step copy(uint8_t slot, StepSource source) {
  Step step = of_kind(StepKind::kCopy);
  step.slot = slot;
  step.source = source;
  return step;
}

constexpr Step mask(uint8_t slot, uint64_t bits) {
  Step step = of_kind(StepKind::kMask);
  step.slot = slot;
  step.value = bits;
  return step;
}

constexpr Step show(StepSource source) {
  Step step = of_kind(StepKind::kObserve);
  step.source = source;
  return step;
}

constexpr Step assign(StepSource socket, uint64_t flags = 0) {
  Step step = of_kind(StepKind::kAssign);
  step.source = socket;
  step.value = flags;
  return step;
}

constexpr Step assign_with(StepSource socket, StepSource flags) {
  Step step = assign(socket);
  step.flags = flags;
  return step;
}

constexpr Step release(StepSource socket) {
  Step step = of_kind(StepKind::kRelease);
  step.source = socket;
  return step;
}

// The next `length` steps only if the value is, or is not, NULL.
constexpr Step if_null(StepSource source, uint8_t length, IfForm form = IfForm::kNull) {
  Step step = of_kind(StepKind::kIf, static_cast<uint8_t>(form));
  step.source = source;
  step.length = length;
  return step;
}
constexpr Step if_not_null(StepSource source, uint8_t length) {
  return if_null(source, length, IfForm::kNotNull);
}

// By the number of a field in kComparedFields.
constexpr Step if_field(uint8_t field, IfForm form, uint64_t value, uint8_t length) {
  Step step = if_null(static_cast<StepSource>(field), length, form);
  step.value = value;
  return step;
}

constexpr Step leave(uint64_t code, ReturnForm form = ReturnForm::kSigned32) {
  Step step = of_kind(StepKind::kReturn, static_cast<uint8_t>(form));
  step.value = code;
  return step;
}
constexpr Step leave_with(StepSource source, ReturnForm form, uint64_t compared = 0) {
  Step step = leave(compared, form);
  step.source = source;
  return step;
}

constexpr Step call_helper(uint8_t helper) { return of_kind(StepKind::kCallHelper, helper); }

// Complete, for a UDP packet over IPv4.
inline StepProgram program(std::initializer_list<Step> steps) {
  StepProgram program;
  program.steps = steps;
  program.packet = {Protocol::kUdp,
                    {{Family::kIpv4, {127, 0, 0, 9}}, 4000},
                    {{Family::kIpv4, {127, 0, 0, 1}}, 7001}};
  complete_program(program);
  return program;
}

// A number that is assigned on the path on which it is NULL, and on the other one. The verifier
// remembers states after two jumps and a few instructions only, so there is another jump before.
inline StepProgram assign_of_compared_number() {
  constexpr uint8_t kLocalPort = 3;
  return program({if_field(kLocalPort, IfForm::kFieldEqual, 0, 0),
                  load(0, StepSource::kContext, 16, 4), if_null(StepSource::kSlot0, 0),
                  assign(StepSource::kSlot0)});
}

// A socket of a map that is assigned before anybody knows that it is one.
inline StepProgram assign_of_unchecked_socket() {
  return program({look_up(0, 0), assign(StepSource::kSlot0), if_not_null(StepSource::kSlot0, 1),
                  release(StepSource::kSlot0), leave(1)});
}

// A return that is not allowed, where nobody gets to: a number that is not 0 and is 0.
inline StepProgram return_after_contradiction() {
  return program({set(0, SetForm::kGiven), if_not_null(StepSource::kSlot0, 2),
                  if_null(StepSource::kSlot0, 1), leave(2), leave(1)});
}

}  // namespace sklab::steps
