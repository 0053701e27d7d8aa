// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <vector>

#include "fuzz/kernel_changes/kernel_mutant.h"

namespace sklab {

void add_run_mutants(std::vector<KernelMutant> &mutants);
void add_assign_mutants(std::vector<KernelMutant> &mutants);
void add_context_mutants(std::vector<KernelMutant> &mutants);
void add_link_mutants(std::vector<KernelMutant> &mutants);
void add_lookup_mutants(std::vector<KernelMutant> &mutants);
void add_test_run_mutants(std::vector<KernelMutant> &mutants);

}  // namespace sklab
