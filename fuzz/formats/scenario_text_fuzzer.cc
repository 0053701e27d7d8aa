// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// libFuzzer target: any text is a valid scenario, or one of a user's program if it begins so, which
// is written and read the same again, or an error with a place.
#include "fuzz/formats/format_target.h"
#include "harness/model/object_scenario_text.h"
#include "harness/model/scenario_text.h"

namespace sklab {
namespace {

// What is wrong with how the text is read; empty when nothing is.
template <typename S>
std::string complaint_about(const Result<S> &scenario, Result<S> (*parse)(std::string_view),
                            std::string (*format)(const S &)) {
  if (!scenario) {
    if (scenario.error().kind != ErrorKind::kUsage) return "an error of another kind";
    const bool has_place = scenario.error().object.find(':') != std::string::npos;
    return has_place ? "" : "an error without a place";
  }
  const auto again = parse(format(*scenario));
  return again && *again == *scenario ? "" : "a scenario that is read differently";
}

std::string complaint(std::span<const uint8_t> input) {
  const std::string_view text(reinterpret_cast<const char *>(input.data()), input.size());
  if (text.starts_with("object")) {
    return complaint_about(parse_object_scenario(text), parse_object_scenario,
                           format_object_scenario);
  }
  const auto scenario = parse_scenario(text);
  if (scenario && !validate_scenario(*scenario)) return "a scenario that is not valid";
  return complaint_about(scenario, parse_scenario, format_scenario);
}

}  // namespace

const FuzzTargetInfo kFuzzTarget = {
    .name = "scenario_text_fuzzer", .needs_kernel = false, .most_input_bytes = 600};

Result<std::unique_ptr<FuzzTarget>> create_fuzz_target(const Rules & /*rules*/) {
  return std::make_unique<FormatTarget>(complaint, "a valid scenario, or an error with a place");
}

}  // namespace sklab
