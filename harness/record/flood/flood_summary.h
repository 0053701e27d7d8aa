// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <string>

#include "harness/record/flood/flood_record.h"

namespace sklab {

// Of a run that measured groups of bench/flood_rows.h: rows of the path "flood" are named
// FAMILY_flood/ROW, and those of the path "probe" for the same lookup FAMILY_flood_probe/ROW.
FloodRecord summarise_flood(const RunRecord &run, const std::string &generator);

// By how much a row has to differ, in percent, to be called slower or faster; one that surely
// differs by less than twice of it is called the same. Surely: a 99.9 % interval, as there are
// forty rows.
inline constexpr double kFloodEffectPercent = 0.5;

// `percent` has the samples' differences.
std::string flood_verdict(const std::vector<double> &percent);

}  // namespace sklab
