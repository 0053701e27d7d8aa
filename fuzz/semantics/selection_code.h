// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <cstdint>

#include "fuzz/semantics/scenario_records.h"
#include "harness/model/rules.h"

namespace sklab {

// What is selected as a small number, for tables: 2 * (socket + 1), or 0 for none, and 1 for
// NO_REUSEPORT.
using SelectionCode = uint8_t;
inline constexpr unsigned kSelectionBits = 5;
inline constexpr size_t kSelectionCodes = size_t{1} << kSelectionBits;
static_assert(2 * (kMostRecordedSockets + 1) + 1 < kSelectionCodes);

constexpr SelectionCode encode_selection(const Selection &selection) {
  const size_t socket = selection.socket ? *selection.socket + 1 : 0;
  return static_cast<SelectionCode>(2 * socket + (selection.no_reuseport ? 1 : 0));
}

constexpr Selection decode_selection(SelectionCode code) {
  Selection selection{std::nullopt, code % 2 != 0};
  if (code >= 2) selection.socket = code / 2 - 1;
  return selection;
}

}  // namespace sklab
