// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/record/gate_json.h"

#include "harness/record/json_reader.h"
#include "harness/record/json_writer.h"
#include "harness/record/result_names.h"

namespace sklab {

std::string gate_json(const GateRecord &record) {
  using Json = nlohmann::ordered_json;
  Json document = {{"schema_version", kGateSchemaVersion}};
  document.update(JsonWriter<ResultNames>::write(record));
  // Command lines need not be UTF-8, and a run must not be lost for one.
  return document.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

Result<GateRecord> parse_gate_json(std::string_view text) {
  return read_document<ResultNames, GateRecord>("gate.json", kGateSchemaVersion, text);
}

}  // namespace sklab
