// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include "harness/base/exit_code.h"
#include "harness/cli/fuzz.h"

namespace sklab {

// `sklab fuzz --target guest:KERNEL`: a campaign whose fuzzers run in guests. Whatever is no
// campaign is run in one guest.
ExitCode fuzz_in_guests(const FuzzOptions &options);

}  // namespace sklab
