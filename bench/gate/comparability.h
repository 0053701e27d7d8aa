// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Whether figures of a baseline mean anything here and now: pure.
#pragma once

#include <string>
#include <vector>

#include "bench/gate/gated_groups.h"
#include "harness/base/result.h"
#include "harness/record/baseline/baseline_record.h"

namespace sklab {

// Of facts that may differ for once, the name stands for all of them.
inline constexpr char kAllFacts[] = "all";

// Warnings about what differs and was allowed to, a line each. Errors: kIncomparable, with all that
// differs; kUsage for an allowed name that no fact has.
Result<std::vector<std::string>> check_same_machine(const Fingerprint &baseline,
                                                    const Fingerprint &now,
                                                    const std::vector<std::string> &allowed);

// Leaves those rows that the baseline has, if nobody asked for certain ones, and otherwise insists
// on all of them. Warnings as above. Errors: kIncomparable for a row that one of the two does not
// have.
Result<std::vector<std::string>> keep_rows_of(const BaselineRecord &baseline, bool asked_for,
                                              GatedRows &rows);

}  // namespace sklab
