// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "bench/gate/percentage.h"

#include <charconv>

namespace sklab {
namespace {

constexpr double kMostFraction = 10;

}  // namespace

Result<double> parse_percentage(const std::string &text) {
  double percent = 0;
  const char *const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, percent);
  const std::string unit(rest, end);
  if (error == std::errc{} && (unit == "%" || unit == " %") && percent >= 0 &&
      percent <= kMostFraction * 100) {
    return percent / 100;
  }
  return fail_as(ErrorKind::kUsage, "read a percentage", "'" + text + "'", 0,
                 "write it like 10% or 0.5%, at most 1000%");
}

}  // namespace sklab
