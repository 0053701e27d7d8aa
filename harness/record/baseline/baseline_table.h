// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <string>
#include <vector>

#include "harness/record/baseline/baseline_record.h"

namespace sklab {

// A baseline as plain ASCII, no line over 100 columns: its rows, and what a gate's machine must
// have in common with it.
std::string baseline_table(const BaselineRecord &record);

// One of several: what it is called, and why it cannot be used here; "" if it can.
struct ListedBaseline {
  std::string file;
  std::string recorded_utc;  // "" for one that cannot be read
  size_t rows = 0;
  std::string trouble;
};

std::string baseline_list(const std::vector<ListedBaseline> &baselines);

}  // namespace sklab
