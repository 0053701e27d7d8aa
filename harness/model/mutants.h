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

// Of rules that a conformance run has to notice.
std::span<const Mutant> mutants();

// Rules that are wrong in few cases only: from the third program on, for one pair of flags and one
// kind of socket, for one port. A conformance run need not notice them, a fuzzer has to find them.
std::span<const Mutant> rare_mutants();

// Of rules about sequences of calls, which lifecycle_fuzzer checks.
std::span<const Mutant> lifecycle_mutants();

// The mutant of that name (its `wrong_rule`), of any kind. Errors: kUsage for none.
Result<Mutant> find_mutant(std::string_view name);

}  // namespace sklab
