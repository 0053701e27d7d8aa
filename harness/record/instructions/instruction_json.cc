// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/record/instructions/instruction_json.h"

#include "harness/record/instructions/instruction_fields.h"
#include "harness/record/json_reader.h"
#include "harness/record/json_writer.h"
#include "harness/record/result_names.h"

namespace sklab {

std::string instruction_json(const InstructionRecord &record) {
  return write_document<ResultNames>(kInstructionSchemaVersion, record);
}

Result<InstructionRecord> parse_instruction_json(std::string_view text) {
  return read_document<ResultNames, InstructionRecord>("instructions.json",
                                                       kInstructionSchemaVersion, text);
}

}  // namespace sklab
