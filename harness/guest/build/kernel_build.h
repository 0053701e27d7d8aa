// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Kernels from source, for guests.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "harness/base/result.h"
#include "harness/guest/build/build_folder.h"
#include "harness/guest/build/kernel_config.h"
#include "harness/guest/build/source_change.h"
#include "harness/guest/kernels/kernel_install.h"
#include "harness/guest/kernels/tool_run.h"

namespace sklab {

struct KernelBuildOptions {
  std::string source;  // a folder, or Debian's package linux-source-VERSION
  std::vector<std::filesystem::path> patches;
  std::vector<SourceChange> changes;             // made after the patches
  std::vector<std::filesystem::path> fragments;  // of configuration, besides sklab's own
  KernelVariants variants;
  std::vector<std::string> make_variables;  // "LLVM=1"
  unsigned jobs = 1;
  bool update = false;  // takes a newer version of Debian's package if there is one
};

struct KernelBuild {
  BuildFolder folder;  // nobody else builds there while this lives
  std::string tree;    // name of the git tree that was built
  NewKernel kernel;    // all but its name
};

// The folder that a user means by it. Errors: kUsage for one that has no kernel's source.
Result<std::filesystem::path> find_kernel_source(const std::string &source);

// Builds only what changed since the last build of the same source. Errors: kUsage for a source, a
// patch, an option or a variable that is not right, and for what does not compile; kUnavailable for
// missing tools, or a package that cannot be had; an interrupt.
Result<KernelBuild> build_kernel(const std::filesystem::path &cache,
                                 const KernelBuildOptions &options, const Progressing &progress);

}  // namespace sklab
