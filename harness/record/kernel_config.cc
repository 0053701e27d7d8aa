// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/record/kernel_config.h"

#include <algorithm>
#include <array>
#include <sstream>
#include <string_view>

namespace sklab {
namespace {

constexpr std::array<std::string_view, 4> kNamesOfBuilds = {
    "CONFIG_LOCALVERSION=", "CONFIG_BUILD_SALT=", "CONFIG_CC_VERSION_TEXT=",
    "CONFIG_DEFAULT_HOSTNAME="};

bool is_option(const std::string &line) {
  if (line.starts_with("# CONFIG_")) return line.ends_with(" is not set");
  return line.starts_with("CONFIG_") &&
         std::none_of(kNamesOfBuilds.begin(), kNamesOfBuilds.end(),
                      [&](std::string_view name) { return line.starts_with(name); });
}

}  // namespace

std::string kernel_options(const std::string &config) {
  std::istringstream lines(config);
  std::string options;
  for (std::string line; std::getline(lines, line);) {
    if (is_option(line)) options += line + "\n";
  }
  return options;
}

}  // namespace sklab
