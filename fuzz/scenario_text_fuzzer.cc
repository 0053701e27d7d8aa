// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// libFuzzer target: any text is a valid scenario, which is written and read the same again, or an
// error with a place. Needs no privileges.
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "harness/model/scenario_text.h"

namespace {

void require(bool holds, const char *what) {
  if (holds) return;
  std::fprintf(stderr, "scenario_text_fuzzer: %s\n", what);
  std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  const auto scenario = sklab::parse_scenario({reinterpret_cast<const char *>(data), size});
  if (!scenario) {
    require(scenario.error().kind == sklab::ErrorKind::kUsage, "an error of another kind");
    require(scenario.error().object.find(':') != std::string::npos, "an error without a place");
    return 0;
  }
  require(sklab::validate_scenario(*scenario).has_value(), "a scenario that is not valid");
  const auto again = sklab::parse_scenario(sklab::format_scenario(*scenario));
  require(again && *again == *scenario, "a scenario that is read differently");
  return 0;
}
