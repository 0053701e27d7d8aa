// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// libFuzzer target: any text is a result, which is written and read the same again, or an error.
#include "fuzz/formats/format_target.h"
#include "harness/record/result_json.h"

namespace sklab {
namespace {

std::string complaint(std::span<const uint8_t> input) {
  const auto record =
      parse_result_json({reinterpret_cast<const char *>(input.data()), input.size()});
  if (!record) return "";
  const std::string text = result_json(*record);
  const auto again = parse_result_json(text);
  if (!again) return "a result that is not read again: " + again.error().message();
  return result_json(*again) == text ? "" : "a result that is written differently";
}

}  // namespace

const FuzzTargetInfo kFuzzTarget = {"result_json_fuzzer", false};

Result<std::unique_ptr<FuzzTarget>> create_fuzz_target(const Rules & /*rules*/) {
  return std::make_unique<FormatTarget>(complaint, "an error, or a result that is read again");
}

}  // namespace sklab
