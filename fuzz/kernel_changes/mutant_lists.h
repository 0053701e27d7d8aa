// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// The tables of mutants, by parts of the code.
#pragma once

#include <span>

#include "fuzz/kernel_changes/kernel_mutant.h"

namespace sklab {

std::span<const KernelMutant> kernel_run_mutants();
std::span<const KernelMutant> kernel_assign_mutants();
std::span<const KernelMutant> kernel_context_mutants();
std::span<const KernelMutant> kernel_link_mutants();
std::span<const KernelMutant> kernel_lookup_mutants();
std::span<const KernelMutant> kernel_test_run_mutants();

}  // namespace sklab
