// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <cstddef>
#include <string>

#include "harness/base/result.h"
#include "harness/guest/guest_run.h"

namespace sklab {

// Checks a profiled run of run_profiled_calls(), which printed `output`, and prints what it found:
// how many things are wrong. Errors: records or symbols that are missing.
Result<size_t> check_profile(const GuestRecord &record, const std::string &output);

}  // namespace sklab
