// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include "fuzz/program/program_lab.h"
#include "fuzz/target/finding.h"

namespace sklab {

// Its signature says what differs and for what kind of step, not for which numbers.
Finding describe_finding(const ProgramFinding &finding, const StepLab &lab);

}  // namespace sklab
