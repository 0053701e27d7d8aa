// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Single changes of the hook's code in the kernel, each of which somebody could make by mistake:
// what checks kernels has to notice every one.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "harness/base/result.h"
#include "harness/guest/build/source_change.h"

namespace sklab {

enum class MutantKind {
  kExpression,
  kStatement,
};

struct KernelMutant {
  const char *name;
  const char *file;
  const char *function;  // or macro
  // What is changed is `find` where it stands between `before` and `after`.
  const char *before;
  const char *find;
  const char *after;
  const char *replace;
  size_t which = 0;  // of several places, counted from 1
  MutantKind kind = MutantKind::kExpression;
  // Why nobody can tell it from the original; none for a mutant that has to be noticed.
  const char *equivalent = nullptr;
};

// In the order of their numbers, which begin with 1.
const std::vector<KernelMutant> &kernel_mutants();

// Errors: kUsage for a name there is not.
Result<size_t> mutant_number(const std::string &name);

// The mutant alone.
SourceChange change_of(const KernelMutant &mutant);

// All of them, in one kernel: it is like none of them unless its command line names one by number
// (kMutantArgument). So sixty kernels are built in the time of one (mutant schemata: Untch,
// Offutt and Harrold 1993).
SourceChange change_to_all_mutants();
inline constexpr char kMutantArgument[] = "sklab_mutant=";
// What such a kernel logs when it is told a number, 0 for none: a kernel without mutants does not,
// and one of another table says something else.
std::string mutant_announcement(size_t number);

}  // namespace sklab
