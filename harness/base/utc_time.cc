// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/base/utc_time.h"

#include <fmt/chrono.h>

namespace sklab {

std::string utc_time(std::time_t time) {
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(time));
}

}  // namespace sklab
