// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "harness/record/gate/cells.h"
#include "harness/record/gate/renderers.h"

namespace sklab {
namespace {

using Json = nlohmann::ordered_json;

void add_bound(const char *name, double bound, Json &metric) {
  if (std::isfinite(bound)) metric[name] = bound;
}

}  // namespace

std::string gate_bencher_json(const GateRecord &record) {
  Json benchmarks = Json::object();
  for (const GateRow &row : record.rows) {
    if (!has_number(row)) continue;
    // Bencher brings a measure of this name along, in nanoseconds.
    Json &metric = benchmarks[row.name][is_count(row) ? row.quantity : "latency"];
    metric["value"] = row.candidate.value;
    add_bound("lower_value", row.candidate.low, metric);
    add_bound("upper_value", row.candidate.high, metric);
  }
  return benchmarks.dump(1) + "\n";
}

std::string gate_github_action_benchmark_json(const GateRecord &record) {
  Json benchmarks = Json::array();
  for (const GateRow &row : record.rows) {
    if (!has_number(row)) continue;
    const double half_width = (row.candidate.high - row.candidate.low) / 2;
    benchmarks.push_back({{"name", quantity_name(row)},
                          {"unit", unit_of(row)},
                          {"value", row.candidate.value},
                          {"range", "\u00b1 " + amount_text(row, half_width)},
                          {"extra", one_line(row.title)}});
  }
  return benchmarks.dump(1) + "\n";
}

}  // namespace sklab
