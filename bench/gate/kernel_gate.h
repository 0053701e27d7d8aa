// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include "bench/gate/thresholds.h"
#include "harness/record/compare/compare_record.h"
#include "harness/record/gate_record.h"

namespace sklab {

// A comparison of two kernels as a gate: of each row the instructions, compared exactly but for
// what the thresholds let sizes grow; and each conformance case that fails on the candidate alone.
// Requires: two kernels.
GateRecord gate_of(const CompareRecord &comparison, const Thresholds &thresholds);

}  // namespace sklab
