// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/record/compare/compare_json.h"

#include "harness/record/compare/compare_fields.h"
#include "harness/record/json_reader.h"
#include "harness/record/json_writer.h"
#include "harness/record/result_names.h"

namespace sklab {

std::string compare_json(const CompareRecord &record) {
  return write_document<ResultNames>(kCompareSchemaVersion, record);
}

Result<CompareRecord> parse_compare_json(std::string_view text) {
  return read_document<ResultNames, CompareRecord>("compare.json", kCompareSchemaVersion, text);
}

}  // namespace sklab
