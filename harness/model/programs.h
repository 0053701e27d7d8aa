// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include "harness/model/rules.h"

namespace sklab {

// Runs all programs of the scenario in attach order, writes into the outcome what each assign
// returned and that each ran, and says what they decide.
Decision run_programs(const Scenario &scenario, const Rules &rules, Outcome &outcome);

}  // namespace sklab
