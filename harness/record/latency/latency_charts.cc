// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/record/latency/latency_charts.h"

#include <algorithm>

namespace sklab {
namespace {

const LatencyRowRecord *reference_of(const LatencySectionRecord &section,
                                     const LatencyRowRecord &row) {
  const auto found =
      std::find_if(section.rows.begin(), section.rows.end(), [&](const LatencyRowRecord &one) {
        return one.name == row.reference && one.status == RowStatus::kOk;
      });
  return found == section.rows.end() ? nullptr : &*found;
}

// "link" of "link_1000".
std::string churn_name(const LatencyRowRecord &row) {
  return row.name.substr(0, row.name.rfind('_'));
}

}  // namespace

std::vector<LatencyChart> latency_charts(const LatencySectionRecord &section) {
  std::vector<LatencyChart> charts{{section.title(), {}}};
  for (const LatencyRowRecord &row : section.rows) {
    if (row.status != RowStatus::kOk || row.percentiles.empty()) continue;
    if (!row.churn) {
      charts.front().rows.push_back(&row);
      continue;
    }
    const std::string title = section.title() + ", churn: " + churn_name(row);
    if (charts.back().title != title) {
      charts.push_back({title, {}});
      if (const auto *reference = reference_of(section, row)) {
        charts.back().rows.push_back(reference);
      }
    }
    charts.back().rows.push_back(&row);
  }
  std::erase_if(charts, [](const LatencyChart &chart) { return chart.rows.empty(); });
  return charts;
}

}  // namespace sklab
