// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include "fuzz/target/finding.h"
#include "harness/model/outcome.h"
#include "harness/model/scenario.h"

namespace sklab {

// A scenario for which kernel and rules disagree, reduced.
struct SemanticsFinding {
  Scenario scenario;
  Outcome expected;
  Observation observed;
};

// Its signature says which fact differs and of what kind of program, assign or socket it is, not
// where: the same rule broken elsewhere is the same finding.
Finding describe_finding(const SemanticsFinding &finding);

}  // namespace sklab
