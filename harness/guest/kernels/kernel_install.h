// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// How a kernel gets into the cache, wherever it is from.
#pragma once

#include <filesystem>
#include <string>

#include "harness/guest/kernels/kernel_cache.h"
#include "harness/guest/kernels/tool_run.h"

namespace sklab {

struct NewKernel {
  std::string name;
  KernelOrigin origin;
  std::filesystem::path image;       // bzImage
  std::filesystem::path modules;     // folder with all of its modules; empty for none
  std::filesystem::path config;      // empty, or not there: none
  std::filesystem::path system_map;  // likewise
  std::filesystem::path vmlinux;     // likewise, with debug information
  bool replace = false;              // one of this name
};

struct InstalledKernel {
  KernelRecord record;
  uint64_t bytes = 0;
  double started_s = 0;  // until its first process ran
  double trial_s = 0;    // all of its first boot
};

// Boots it once, and takes it only if sklab works in it; the boot log of one that is refused is
// kept. Errors: those of inspect_boot_image(), find_modules() and judge(); one of this name that is
// there, or used now; whatever a full disk reports.
Result<InstalledKernel> install_kernel(const CacheLock &lock, const std::filesystem::path &cache,
                                       const NewKernel &kernel, const Progressing &progress);

}  // namespace sklab
