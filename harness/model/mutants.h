// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// The model with one rule wrong. A conformance run that does not notice a mutant does not check its
// rule, a fuzzer that does not find one would not find a kernel that breaks the rule.
#pragma once

#include <span>
#include <string_view>

#include "harness/base/result.h"

#include "harness/model/rules.h"

namespace sklab {

struct Mutant {
  const char *wrong_rule;
  void (*mutate)(Rules &rules);
};

std::span<const Mutant> mutants();

// The mutant of that name (its `wrong_rule`). Errors: kUsage for none.
Result<Mutant> find_mutant(std::string_view name);

}  // namespace sklab
