// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <iostream>
#include <iterator>
#include <string>

#include "harness/base/file.h"
#include "harness/base/result.h"

namespace sklab {

// Reads a scenario, of whichever form `parse` is for; "-" is stdin. Errors name file, line and
// column.
template <typename Parse>
auto read_scenario_file(const std::string &file, Parse parse) -> decltype(parse(std::string())) {
  auto text = file == "-"
                  ? Result<std::string>(std::string(std::istreambuf_iterator<char>(std::cin), {}))
                  : read_file(file);
  if (!text) {
    // A file that is not there is the user's mistake.
    text.error().kind = ErrorKind::kUsage;
    return tl::unexpected(std::move(text).error());
  }
  auto scenario = parse(*text);
  if (!scenario) scenario.error().object = file + ":" + scenario.error().object;
  return scenario;
}

}  // namespace sklab
