// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <fmt/format.h>

#include "harness/record/latency/latency_record.h"

namespace sklab {

std::string percent_text(double percent) { return fmt::format("{:g}", percent); }

std::string percentile_name(double percent) { return "p" + percent_text(percent); }

std::string LatencySectionRecord::title() const {
  const std::string more = sockets == 0 ? "" : fmt::format(", {} more sockets", sockets);
  return fmt::format("{}, {} requests/s{}", family, requests_per_second, more);
}

}  // namespace sklab
