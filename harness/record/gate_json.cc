// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/record/gate_json.h"

#include "harness/record/json_reader.h"
#include "harness/record/json_writer.h"
#include "harness/record/result_names.h"

namespace sklab {

std::string gate_json(const GateRecord &record) {
  return write_document<ResultNames>(kGateSchemaVersion, record);
}

Result<GateRecord> parse_gate_json(std::string_view text) {
  return read_document<ResultNames, GateRecord>("gate.json", kGateSchemaVersion, text);
}

}  // namespace sklab
