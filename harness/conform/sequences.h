// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include "harness/conform/case_log.h"
#include "harness/conform/settings.h"

namespace sklab {

// All ordered sequences of programs over an alphabet, in every dialect, for every kind of packet,
// on the probe path: up to three programs, in an exhaustive run up to five.
void check_sequences(CaseLog &log, const ConformSettings &settings);

// Random sequences of 4 to 64 programs over the same alphabet.
void check_long_sequences(CaseLog &log, const ConformSettings &settings);

}  // namespace sklab
