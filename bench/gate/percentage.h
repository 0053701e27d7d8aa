// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <string>

#include "harness/base/result.h"

namespace sklab {

// "10%" or "0.5 %" as a fraction. Errors: kUsage for anything else, or more than 1000 %.
Result<double> parse_percentage(const std::string &text);

}  // namespace sklab
