// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace sklab {

enum class ResultKind : uint8_t {
  kBench,
  kGate,
  kConform,
  kCompare,
  kFlood,
  kLatency,
  kRange,
  kCampaign
};

// Which command wrote a JSON document, by the fields that only its documents have; whether the rest
// is as it has to be is for the one who reads it. None: another document, or no JSON at all.
std::optional<ResultKind> kind_of_result(std::string_view text);

}  // namespace sklab
