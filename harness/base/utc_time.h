// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <ctime>
#include <string>

namespace sklab {

// As records have it: ISO 8601, seconds, "Z".
std::string utc_time(std::time_t time);

}  // namespace sklab
