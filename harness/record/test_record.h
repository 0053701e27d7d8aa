// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Made-up records for the tests of what reads and renders them. `text` stands wherever a record has
// free text, so that a test sees what becomes of it.
#pragma once

#include <string>

#include "harness/record/gate_record.h"
#include "harness/record/run_record.h"

namespace sklab {

Fingerprint example_fingerprint(const std::string &kernel_release, const std::string &text = "");

// With every kind of row.
RunRecord example_record();

// With a row of every verdict, in their order, and then sizes of programs.
GateRecord example_gate(const std::string &text = "");

}  // namespace sklab
