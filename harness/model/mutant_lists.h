// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// The parts of mutants(), a file each.
#pragma once

#include <span>

#include "harness/model/mutants.h"

namespace sklab {

std::span<const Mutant> assign_mutants();
std::span<const Mutant> combination_mutants();
std::span<const Mutant> lookup_mutants();
std::span<const Mutant> link_mutants();
std::span<const Mutant> load_mutants();

}  // namespace sklab
