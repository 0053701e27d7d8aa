// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/program/program_records.h"

#include <algorithm>
#include <array>
#include <bit>

#include "fuzz/program/mend_program.h"
#include "harness/model/context_rules.h"

namespace sklab {
namespace {

using ProgramRecord = std::span<const uint8_t, kProgramRecordSize>;

constexpr uint8_t kFixedBit = 0x80;

uint64_t number_in(ProgramRecord record, size_t first, size_t bytes) {
  uint64_t value = 0;
  for (size_t i = 0; i < bytes; ++i) value |= uint64_t{record[first + i]} << (8 * i);
  return value;
}

// One of the kept values.
StepSource kept_source(uint8_t byte) { return static_cast<StepSource>(byte % kKeptValues); }
// Or the context.
StepSource readable_source(uint8_t byte) {
  return static_cast<StepSource>(byte % (kKeptValues + 1));
}
StepSource any_source(uint8_t byte) { return static_cast<StepSource>(byte % kStepSources); }

// Positive and not 0, as comparisons with a constant of 32 bits are signed.
uint64_t compared_number(uint64_t value) { return std::max<uint64_t>(value & 0x7fffffff, 1); }

// That the field can have.
uint64_t compared_value(const Step &step, uint64_t value) {
  const uint32_t bytes = compared_field(step).size;
  return value & (bytes == 2 ? 0xffff : 0x7fffffff);
}

void decode_access(ProgramRecord record, Step &step) {
  step.offset = static_cast<int16_t>(kLowestOffset + record[4] % kOffsets);
  step.size = static_cast<uint8_t>(kAccessSizes[record[5] % kAccessSizes.size()]);
}

void decode_if(ProgramRecord record, Step &step) {
  step.length = record[5] % 8;
  const auto form = static_cast<IfForm>(step.form);
  const bool compares_field = form == IfForm::kFieldEqual || form == IfForm::kFieldNotEqual;
  step.source = compares_field ? kept_source(record[3]) : readable_source(record[3]);
  step.value = compares_field ? compared_value(step, step.value) : 0;
}

void decode_assign(ProgramRecord record, Step &step) {
  step.source = any_source(record[3]);
  step.offset = int16_t{std::bit_cast<int8_t>(record[4])};
  step.context = any_source(record[6]);
  step.flags = any_source(record[7]);
}

Step decode_step(ProgramRecord record) {
  Step step;
  step.kind = static_cast<StepKind>(record[0] % kProgramRecordKinds);
  step.form = static_cast<uint8_t>(record[1] % kFormsOfStep[static_cast<size_t>(step.kind)]);
  step.slot = record[2] % kFixedBit % kSlots;
  step.is_fixed = (record[2] & kFixedBit) != 0;
  step.value = number_in(record, 8, 8);
  switch (step.kind) {
    case StepKind::kLookUp:
      step.value %= step_keys();
      break;
    case StepKind::kLoad:
    case StepKind::kStore:
      step.source = readable_source(record[3]);
      decode_access(record, step);
      break;
    case StepKind::kCopy:
      step.source = kept_source(record[3]);
      break;
    case StepKind::kMask:
      step.value = (uint64_t{2} << step.value % 16) - 1;
      break;
    case StepKind::kAssign:
      decode_assign(record, step);
      break;
    case StepKind::kIf:
      decode_if(record, step);
      break;
    case StepKind::kReturn:
      step.source = any_source(record[3]);
      if (static_cast<ReturnForm>(step.form) == ReturnForm::kWhetherEqual) {
        step.value = compared_number(step.value);
      }
      break;
    default:
      step.source = any_source(record[3]);
  }
  return step;
}

// A byte of the record makes all bytes of an address, no two alike.
IpAddress decode_address(ProgramRecord record, size_t first, bool ipv6) {
  IpAddress address;
  address.family = ipv6 ? Family::kIpv6 : Family::kIpv4;
  for (size_t i = 0; i < (ipv6 ? 16 : 4); ++i) {
    address.bytes[i] = static_cast<uint8_t>(record[first + i % 4] + i / 4);
  }
  return address;
}

Packet decode_program_packet(ProgramRecord record) {
  const bool ipv6 = (record[1] & 2) != 0;
  const auto port = [&](size_t first) {
    return static_cast<uint16_t>(number_in(record, first, 2));
  };
  return {(record[1] & 1) != 0 ? Protocol::kTcp : Protocol::kUdp,
          {decode_address(record, 8, ipv6), port(4)},
          {decode_address(record, 12, ipv6), port(6)}};
}

}  // namespace

StepProgram decode_program(std::span<const uint8_t> bytes) {
  StepProgram program;
  program.packet = {Protocol::kUdp,
                    {{Family::kIpv4, {127, 0, 0, 9}}, 4000},
                    {{Family::kIpv4, {127, 0, 0, 1}}, 7001}};
  size_t mended = 0;
  for (; bytes.size() >= kProgramRecordSize; bytes = bytes.subspan(kProgramRecordSize)) {
    const ProgramRecord record = bytes.first<kProgramRecordSize>();
    const size_t kind = record[0] % kProgramRecordKinds;
    if (kind == static_cast<size_t>(ProgramRecordKind::kPacket)) {
      program.packet = decode_program_packet(record);
    } else if (kind == static_cast<size_t>(ProgramRecordKind::kGiven)) {
      program.given = number_in(record, 8, 8);
    } else if (kind == static_cast<size_t>(ProgramRecordKind::kMend)) {
      mended = record[1];
    } else if (program.steps.size() < kMostSteps) {
      program.steps.push_back(decode_step(record));
    }
  }
  complete_program(program);
  mend_program(program, mended);
  return program;
}

}  // namespace sklab
