// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/guest/kernels/cache_lock.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/file.h>

#include <cerrno>
#include <cstdlib>
#include <string>

#include "harness/measure/interrupt.h"

namespace sklab {
namespace {

namespace fs = std::filesystem;

constexpr char kFolderVariable[] = "SKLAB_KERNELS";

std::string environment_variable(const char *name) {
  const char *value = std::getenv(name);
  return value == nullptr ? "" : value;
}

}  // namespace

Result<fs::path> kernel_cache_folder() {
  if (const fs::path own = environment_variable(kFolderVariable); !own.empty())
    return fs::absolute(own);
  // By that specification a path that is not absolute is to be ignored.
  if (const fs::path cache = environment_variable("XDG_CACHE_HOME"); cache.is_absolute()) {
    return cache / "sklab" / "kernels";
  }
  if (const fs::path home = environment_variable("HOME"); home.is_absolute()) {
    return home / ".cache" / "sklab" / "kernels";
  }
  return fail_as(ErrorKind::kUsage, "find the folder of kernels", "", 0,
                 "set SKLAB_KERNELS, there is no HOME");
}

Result<CacheLock> CacheLock::take(const fs::path &cache, const Tick &waiting) {
  constexpr int kPeriodMs = 100;
  std::error_code error;
  fs::create_directories(cache, error);
  if (error) return fail("make folder", cache.string(), error.value(), kCacheFolderHint);
  UniqueFd file(::open((cache / ".lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644));
  if (!file.valid()) return fail("write to folder", cache.string(), errno, kCacheFolderHint);
  while (::flock(file.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK && errno != EINTR) return fail("lock", cache.string(), errno);
    if (interrupted()) return fail("lock", cache.string(), EINTR);
    if (waiting) waiting();
    ::poll(nullptr, 0, kPeriodMs);
  }
  return CacheLock(std::move(file));
}

}  // namespace sklab
