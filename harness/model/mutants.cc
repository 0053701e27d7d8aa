// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/model/mutants.h"

#include <vector>

#include "harness/model/mutant_lists.h"

namespace sklab {

std::span<const Mutant> mutants() {
  static const std::vector<Mutant> all = [] {
    std::vector<Mutant> list;
    for (const auto part : {assign_mutants(), combination_mutants(), lookup_mutants(),
                            link_mutants(), load_mutants()}) {
      list.insert(list.end(), part.begin(), part.end());
    }
    return list;
  }();
  return all;
}

Result<Mutant> find_mutant(std::string_view name) {
  for (const auto list : {mutants(), rare_mutants(), lifecycle_mutants()}) {
    for (const Mutant &mutant : list) {
      if (mutant.wrong_rule == name) return mutant;
    }
  }
  return fail_as(ErrorKind::kUsage, "find model mutant", "'" + std::string(name) + "'");
}

}  // namespace sklab
