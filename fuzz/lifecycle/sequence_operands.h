// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// What the bytes of a sequence's records stand for, where that does not depend on what is open.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "fuzz/lifecycle/operation.h"
#include "fuzz/lifecycle/sequence_records.h"

namespace sklab {

using SequenceRecordView = std::span<const uint8_t, kSequenceRecordSize>;

namespace operands {

IpAddress server_address(bool ipv6, size_t index, bool or_wildcard);
Endpoint client_endpoint(bool ipv6, uint8_t byte);
uint16_t server_port(uint8_t byte);
uint64_t assign_flags_of(uint8_t byte);
uint64_t put_flags_of(uint8_t byte);
ProgramStep::Source source_of(uint8_t byte);

// What programs do that no record speaks of.
ProgramTable default_programs();
// Of a record of the kind kProgram: another program, or one more step.
void decode_program(SequenceRecordView record, ProgramTable &programs);

}  // namespace operands
}  // namespace sklab
