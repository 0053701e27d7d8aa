// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/record/result_json.h"

#include "harness/record/json_reader.h"
#include "harness/record/json_writer.h"
#include "harness/record/result_names.h"

namespace sklab {

std::string result_json(const RunRecord &record) {
  return write_document<ResultNames>(kResultSchemaVersion, record);
}

Result<RunRecord> parse_result_json(std::string_view text) {
  return read_document<ResultNames, RunRecord>("result.json", kResultSchemaVersion, text);
}

}  // namespace sklab
