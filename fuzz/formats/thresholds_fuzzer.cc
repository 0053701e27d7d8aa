// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// libFuzzer target: any text is thresholds, which are finite for every row, or an error of one
// line.
#include <cmath>

#include "bench/gate/thresholds.h"
#include "fuzz/formats/format_target.h"

namespace sklab {
namespace {

std::string thresholds_complaint(std::span<const uint8_t> input) {
  const auto thresholds =
      Thresholds::parse({reinterpret_cast<const char *>(input.data()), input.size()}, "file");
  if (!thresholds) {
    const std::string message = thresholds.error().message();
    return message.find('\n') == std::string::npos ? "" : "an error of several lines: " + message;
  }
  for (const char *row : {"udp4/pass", "tcp6_caches/evicted", ""}) {
    const Threshold threshold = thresholds->of(row);
    for (const double value :
         {threshold.change, threshold.absolute_floor_ns, threshold.size_growth}) {
      if (!std::isfinite(value) || value < 0) return "a threshold that is none";
    }
  }
  return "";
}

}  // namespace

const FuzzTargetInfo kFuzzTarget = {"thresholds_fuzzer", false};

Result<std::unique_ptr<FuzzTarget>> create_fuzz_target(const Rules & /*rules*/) {
  return std::make_unique<FormatTarget>(thresholds_complaint,
                                        "an error of one line, or finite thresholds");
}

}  // namespace sklab
