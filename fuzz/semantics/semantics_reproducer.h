// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <string>

#include "harness/model/outcome.h"
#include "harness/model/scenario.h"

namespace sklab {

// A stand-alone C program (fuzz/target/c_source.h) that builds the scenario, makes its lookup as
// ScenarioProbe::observe() does, and exits 1 if what came of it is not what `expected` allows.
// Where a reuseport group's secret hash may matter it tries in several network namespaces.
//
// `about` stands in the comment at its head, before the scenario and the expected outcome.
std::string semantics_reproducer(const std::string &about, const Scenario &scenario,
                                 const Outcome &expected);

}  // namespace sklab
