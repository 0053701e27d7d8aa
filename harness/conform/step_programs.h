// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include "harness/conform/case_log.h"
#include "harness/conform/settings.h"

namespace sklab {

// Programs of steps (harness/model/step_program.h): which load by the rules of the settings, and
// what those do. The groups about return codes, context access and arguments look at one
// instruction each; here values are copied, checked, released and used on different paths.
void check_step_programs(CaseLog &log, const ConformSettings &settings);

}  // namespace sklab
