// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include "harness/model/outcome.h"
#include "harness/model/scenario.h"

namespace sklab {

// Tells libFuzzer in which states the model was, by its extra counters: for every assign what was
// assigned, with which flags, in which position and what came of it; which stage decided, after how
// many programs. The kernel itself gives no feedback here.
void note_features(const Scenario &scenario, const Outcome &outcome);

}  // namespace sklab
