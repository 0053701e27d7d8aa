// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/record/latency/latency_json.h"

#include "harness/record/json_reader.h"
#include "harness/record/json_writer.h"
#include "harness/record/latency/latency_fields.h"
#include "harness/record/result_names.h"

namespace sklab {

std::string latency_json(const LatencyRecord &record) {
  return write_document<ResultNames>(kLatencySchemaVersion, record);
}

Result<LatencyRecord> parse_latency_json(std::string_view text) {
  return read_document<ResultNames, LatencyRecord>("latency.json", kLatencySchemaVersion, text);
}

}  // namespace sklab
