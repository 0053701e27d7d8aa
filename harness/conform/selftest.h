// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include "harness/conform/case_log.h"
#include "harness/conform/settings.h"

namespace sklab {

// Every case of the kernel's tools/testing/selftests/bpf/prog_tests/sk_lookup.c by its name: with
// packets, and where a helper's lookup says the same, with that as well.
void check_selftest(CaseLog &log, const ConformSettings &settings);

}  // namespace sklab
