// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// libFuzzer target: any text is a result, which is written and read the same again, or an error.
#include "fuzz/formats/format_target.h"
#include "harness/record/result_json.h"

namespace sklab {

const FuzzTargetInfo kFuzzTarget = {"result_json_fuzzer", false};

Result<std::unique_ptr<FuzzTarget>> create_fuzz_target(const Rules & /*rules*/) {
  return std::make_unique<FormatTarget>(round_trip_complaint<parse_result_json, result_json>,
                                        kRoundTripPromise);
}

}  // namespace sklab
