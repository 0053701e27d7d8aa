// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// The names of enumerations in result.json and gate.json, for JsonReader and JsonWriter.
#pragma once

#include <array>
#include <string_view>

#include "harness/record/gate_fields.h"
#include "harness/record/result_fields.h"

namespace sklab {

inline constexpr std::array<std::string_view, 3> kRowStatusNames = {"ok", "failed", "skipped"};

struct ResultNames {
  static constexpr const auto &names(RowStatus) { return kRowStatusNames; }
  static constexpr const auto &names(Verdict) { return kVerdictNames; }

  template <typename T>
  std::string_view operator()(T value) const {
    return names(value)[static_cast<size_t>(value)];
  }
};

}  // namespace sklab
