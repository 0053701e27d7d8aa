// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Which rows are shown in one picture: those without churn, and for each churn its rows beside what
// they are compared with.
#pragma once

#include <string>
#include <vector>

#include "harness/record/latency/latency_record.h"

namespace sklab {

struct LatencyChart {
  std::string title;
  std::vector<const LatencyRowRecord *> rows;  // that have numbers
};

// Point into the section. Without charts that would be empty.
std::vector<LatencyChart> latency_charts(const LatencySectionRecord &section);

}  // namespace sklab
