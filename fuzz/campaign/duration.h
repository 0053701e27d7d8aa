// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <string_view>

#include "harness/base/result.h"

namespace sklab {

// Seconds of "90", "90s", "1.5m", "2h" or "1d". Errors: kUsage for anything else.
Result<double> parse_duration_s(std::string_view text);

}  // namespace sklab
