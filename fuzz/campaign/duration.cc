// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/campaign/duration.h"

#include <charconv>
#include <cmath>
#include <string>

namespace sklab {
namespace {

struct Unit {
  std::string_view name;
  double seconds;
};
constexpr Unit kUnits[] = {{"", 1}, {"s", 1}, {"m", 60}, {"h", 3600}, {"d", 86400}};

}  // namespace

Result<double> parse_duration_s(std::string_view text) {
  double number = 0;
  const char *last = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data(), last, number, std::chars_format::fixed);
  const std::string_view name(end, static_cast<size_t>(last - end));
  for (const Unit &unit : kUnits) {
    if (error == std::errc() && std::isfinite(number) && number >= 0 && name == unit.name) {
      return number * unit.seconds;
    }
  }
  return fail_as(ErrorKind::kUsage, "read the duration", std::string(text), 0,
                 "it is a number and s, m, h or d");
}

}  // namespace sklab
