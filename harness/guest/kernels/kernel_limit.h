// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// How much the cache of kernels may hold.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "harness/guest/kernels/kernel_cache.h"

namespace sklab {

inline constexpr uint64_t kDefaultLimitMib = 4096;

// $SKLAB_KERNELS_LIMIT_MIB, or the default. Errors: kUsage for what is no number.
Result<uint64_t> configured_limit_mib();

// Those that can be fetched again, the least recently used first, until the others are within the
// limit. `keep` was just added.
std::vector<CachedKernel> kernels_beyond(std::vector<CachedKernel> kernels, uint64_t limit_mib,
                                         const std::string &keep);

// Removes them; those in use stay. `removed` is told of each.
Result<> keep_within(const CacheLock &lock, const std::filesystem::path &cache, uint64_t limit_mib,
                     const std::string &keep,
                     const std::function<void(const CachedKernel &)> &removed);

}  // namespace sklab
