// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// The guests that `sklab compare` runs.
#pragma once

#include <string>
#include <vector>

#include "harness/base/result.h"
#include "harness/cli/compare_kernels.h"
#include "harness/guest/guest_run.h"

namespace sklab {

struct NamedKernel {
  std::string name;
  std::string spec;  // as the user named it
  GuestKernel kernel;
};

// Errors: kUsage for a kernel that is not there, or has no name of its own; for less than two.
Result<std::vector<NamedKernel>> find_kernels(const CompareOptions &options);

// `sklab ARGUMENTS` on a kernel.
GuestJob compare_job(const NamedKernel &kernel, const std::vector<std::string> &arguments,
                     const CompareOptions &options);

// The arguments that `sklab bench` has for all clocks.
std::vector<std::string> bench_arguments(const CompareOptions &options);

// What the command printed, of a guest that came through. A row or a case that failed is in it.
Result<std::string> printed_by(const GuestOutput &run, const NamedKernel &kernel);

// `done` of all `total` guests have ended before.
struct GuestProgress {
  size_t done = 0;
  size_t total = 0;
};

// At most so many at once, what came of each in their order. Tells options.progress.
std::vector<GuestOutput> run_jobs(std::vector<GuestJob> jobs, size_t at_once,
                                  const CompareOptions &options, GuestProgress before);

// As many as the user wants, or one a CPU.
size_t guests_at_once(const CompareOptions &options);

}  // namespace sklab
