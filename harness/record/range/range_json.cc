// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/record/range/range_json.h"

#include "harness/record/json_reader.h"
#include "harness/record/json_writer.h"
#include "harness/record/range/range_fields.h"
#include "harness/record/result_names.h"

namespace sklab {

std::string range_json(const RangeRecord &record) {
  return write_document<ResultNames>(kRangeSchemaVersion, record);
}

Result<RangeRecord> parse_range_json(std::string_view text) {
  return read_document<ResultNames, RangeRecord>("range.json", kRangeSchemaVersion, text);
}

}  // namespace sklab
