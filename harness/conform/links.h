// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include "harness/conform/case_log.h"
#include "harness/conform/settings.h"

namespace sklab {

// Sequences of attach, update (with and without the program that must be there), detach and close,
// compared with model/link_rules.h: what each returns, what a query and the link's info say
// afterwards, and which programs a lookup runs in which order. All short sequences and random long
// ones.
void check_link_sequences(CaseLog &log, const ConformSettings &settings);

// The limit of programs, and calls that are wrong in themselves.
void check_link_calls(CaseLog &log, const ConformSettings &settings);

// The static key, where the kernel says where that is.
void check_link_key(CaseLog &log);

}  // namespace sklab
