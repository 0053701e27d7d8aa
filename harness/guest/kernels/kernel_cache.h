// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Kernels on disk, by name: one folder each, complete or not there.
#pragma once

#include <cstdint>
#include <ctime>
#include <filesystem>
#include <string>
#include <vector>

#include "harness/base/result.h"
#include "harness/base/unique_fd.h"
#include "harness/guest/guest_run.h"
#include "harness/guest/kernels/cache_lock.h"
#include "harness/guest/kernels/kernel_record.h"

namespace sklab {

struct CachedKernel {
  KernelRecord record;  // of one that is damaged the name only
  uint64_t bytes = 0;
  std::time_t used = 0;
  std::string trouble;  // why it is of no use; "" if it is
};

// By name. None for a folder that does not exist.
Result<std::vector<CachedKernel>> list_kernels(const std::filesystem::path &cache);

// A kernel to be booted.
struct OpenKernel {
  GuestKernel kernel;  // not removed while this lives
  KernelRecord record;
};

// Notes that it was used. Errors: kUsage for one that is not there, or not as it was when it was
// added.
Result<OpenKernel> open_kernel(const std::filesystem::path &cache, const std::string &name);

// The record's modules, which are in `folder`, become the kernel's.
void add_modules(const std::filesystem::path &folder, const KernelRecord &record,
                 GuestKernel &kernel);

// Whether there is something of this name, in order or not.
bool has_kernel(const std::filesystem::path &cache, const std::string &name);

// Errors: kUsage for one that is not there; kUnavailable for one that is being used.
Result<> remove_kernel(const CacheLock &lock, const std::filesystem::path &cache,
                       const std::string &name);

// Keeps whoever wants to use the kernel waiting. None if it is used now, or not there.
UniqueFd try_to_own(const std::filesystem::path &cache, const std::string &name);

// Where the console's output of a kernel is kept that could not be taken into the cache.
std::filesystem::path refused_boot_log(const std::filesystem::path &cache, const std::string &name);

}  // namespace sklab
