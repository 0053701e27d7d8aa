// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// What of the kernel's code about the hook has run, by function.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "fuzz/coverage/line_coverage.h"
#include "harness/base/result.h"
#include "harness/guest/guest_run.h"
#include "harness/record/kernel_blocks.h"

namespace sklab {

struct CoveredLine {
  unsigned line = 0;
  bool has_run = false;
  std::string text;           // "" where the source is not there any more
  std::string why;            // it is not reached; "" if it is, or nobody knows
  bool is_invisible = false;  // it may run, where KCOV does not see it
};

struct FunctionCoverage {
  std::string group;
  bool is_hook = false;
  std::string file;  // from the top of the source
  std::string function;
  std::vector<CoveredLine> lines;  // in their order

  [[nodiscard]] size_t ran() const;
  // Lines that KCOV would see run.
  [[nodiscard]] size_t visible() const;
};

struct CoverageReport {
  std::string kernel;  // its name
  std::string release;
  std::vector<FunctionCoverage> functions;  // by group
  // Of files that have some of them.
  std::map<std::string, std::vector<std::string>> sources;

  // Of the hook's own lines that KCOV would see, 0 to 1.
  [[nodiscard]] double hook_share() const;
};

// Errors: kUsage for a kernel that has no debug information or no calls for KCOV, or that is not
// the one that the blocks are of.
Result<CoverageReport> make_coverage_report(const GuestKernel &kernel, const KernelBlocks &blocks);

// A table, and the lines that have not run.
std::string coverage_text(const CoverageReport &report);
// A page with the source of all of it.
std::string coverage_html(const CoverageReport &report);

}  // namespace sklab
