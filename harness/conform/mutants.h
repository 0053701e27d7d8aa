// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Test code: the model with one rule wrong. A conformance run that does not notice a mutant does
// not check its rule.
#pragma once

#include <span>

#include "harness/model/rules.h"

namespace sklab {

struct Mutant {
  const char *wrong_rule;
  void (*mutate)(Rules &rules);
};

std::span<const Mutant> mutants();

}  // namespace sklab
