// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/guest/kernels/kernel_limit.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <string_view>

namespace sklab {
namespace {

constexpr char kLimitVariable[] = "SKLAB_KERNELS_LIMIT_MIB";
constexpr uint64_t kBytesPerMib = 1U << 20U;

}  // namespace

Result<uint64_t> configured_limit_mib() {
  const char *value = std::getenv(kLimitVariable);
  if (value == nullptr || *value == '\0') return kDefaultLimitMib;
  const std::string_view text(value);
  uint64_t mib = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), mib);
  if (error == std::errc() && end == text.data() + text.size() && mib > 0) return mib;
  return fail_as(ErrorKind::kUsage, "limit the cache of kernels to", "'" + std::string(text) + "'",
                 0, std::string(kLimitVariable) + " is a number of MiB");
}

std::vector<CachedKernel> kernels_beyond(std::vector<CachedKernel> kernels, uint64_t limit_mib,
                                         const std::string &keep) {
  uint64_t bytes = 0;
  for (const CachedKernel &kernel : kernels) bytes += kernel.bytes;
  std::stable_sort(kernels.begin(), kernels.end(),
                   [](const CachedKernel &a, const CachedKernel &b) { return a.used < b.used; });
  std::vector<CachedKernel> beyond;
  for (const CachedKernel &kernel : kernels) {
    if ((bytes + kBytesPerMib - 1) / kBytesPerMib <= limit_mib) break;
    const bool can_be_fetched =
        kernel.trouble.empty() && kernel.record.origin.kind == KernelOriginKind::kDebian;
    if (!can_be_fetched || kernel.record.name == keep) continue;
    bytes -= kernel.bytes;
    beyond.push_back(kernel);
  }
  return beyond;
}

Result<> keep_within(const CacheLock &lock, const std::filesystem::path &cache, uint64_t limit_mib,
                     const std::string &keep,
                     const std::function<void(const CachedKernel &)> &removed) {
  SKLAB_TRY(const auto kernels, list_kernels(cache));
  for (const CachedKernel &kernel : kernels_beyond(kernels, limit_mib, keep)) {
    const auto gone = remove_kernel(lock, cache, kernel.record.name);
    if (!gone && gone.error().kind == ErrorKind::kUnavailable) continue;
    SKLAB_CHECK(gone);
    removed(kernel);
  }
  return Ok{};
}

}  // namespace sklab
