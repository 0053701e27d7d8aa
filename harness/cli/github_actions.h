// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// What GitHub Actions shows of a gate besides its log.
#pragma once

#include <cstdio>

#include "harness/record/gate_record.h"

namespace sklab {

// If GITHUB_ACTIONS is true, annotations go to `annotations`, a stream of the step's; if
// GITHUB_STEP_SUMMARY names a file, Markdown is appended to it. A summary that cannot be written is
// one line on stderr and nothing else: the exit code is the verdict, and must neither fail for it
// nor hide a regression behind it.
void show_in_github_actions(const GateRecord &record, std::FILE *annotations);

}  // namespace sklab
