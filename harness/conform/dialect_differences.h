// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "harness/base/result.h"
#include "harness/model/scenario.h"

namespace sklab {

// The same programs in two dialects, each with the codes of its own.
struct DialectDifference {
  Scenario first;
  Scenario second;
  // Who receives: "a", "server (hashtable)", "refused".
  std::string first_outcome;
  std::string second_outcome;
};

struct DialectPair {
  Dialect first;
  Dialect second;
  size_t scenarios_compared = 0;
  // Minimal ones: without any one of its programs or assigns there is no difference.
  std::vector<DialectDifference> differences;
};

// Compares all pairs of dialects by the model, over every sequence of up to three programs of up to
// two assigns each.
std::vector<DialectPair> find_dialect_differences();

// Runs each difference in both its dialects, on the probe path and the packet path.
// Errors: kMismatch when the kernel does something else than the model.
Result<> confirm_differences(const std::vector<DialectPair> &pairs);

}  // namespace sklab
