// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <string>
#include <vector>

#include "bench/range/range_turn.h"
#include "harness/record/range/range_record.h"

namespace sklab {

// A method while it is measured.
struct RangeLane {
  RangeMethodDescription description;
  std::vector<RangeSample> samples;  // one a round
  bool failed = false;               // or else, with a reason, it cannot be had here
  std::string reason;                // why there are no numbers; "" while all is well
};

RangeFamily report_range(const FamilyCase &family, const std::vector<RangeLane> &lanes);

}  // namespace sklab
