// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// libFuzzer target: any text is a gate, which is written and read the same again, or an error.
#include "fuzz/formats/format_target.h"
#include "harness/record/gate_json.h"

namespace sklab {

const FuzzTargetInfo kFuzzTarget = {"gate_json_fuzzer", false};

Result<std::unique_ptr<FuzzTarget>> create_fuzz_target(const Rules & /*rules*/) {
  return std::make_unique<FormatTarget>(round_trip_complaint<parse_gate_json, gate_json>,
                                        kRoundTripPromise);
}

}  // namespace sklab
