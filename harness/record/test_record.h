// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include "harness/record/gate_record.h"
#include "harness/record/run_record.h"

namespace sklab {

// A record by hand, with every kind of row, for the tests of the renderers.
RunRecord example_record();

// A gate's, with a row of every verdict.
GateRecord example_gate_record();

}  // namespace sklab
