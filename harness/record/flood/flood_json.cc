// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/record/flood/flood_json.h"

#include "harness/record/flood/flood_fields.h"
#include "harness/record/json_reader.h"
#include "harness/record/json_writer.h"
#include "harness/record/result_names.h"

namespace sklab {

std::string flood_json(const FloodRecord &record) {
  return write_document<ResultNames>(kFloodSchemaVersion, record);
}

Result<FloodRecord> parse_flood_json(std::string_view text) {
  return read_document<ResultNames, FloodRecord>("flood.json", kFloodSchemaVersion, text);
}

}  // namespace sklab
