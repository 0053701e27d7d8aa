// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/guest/build/build_folder.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/file.h>

#include <algorithm>
#include <cerrno>

#include "harness/base/staged_folder.h"
#include "harness/guest/kernels/cache_lock.h"
#include "harness/measure/interrupt.h"
#include "harness/record/digest.h"

namespace sklab {
namespace {

namespace fs = std::filesystem;

constexpr char kFolder[] = ".builds";  // no kernel can have this name
constexpr int kWaitMs = 100;
constexpr size_t kDigits = 12;

UniqueFd open_folder(const fs::path &path) {
  return UniqueFd(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
}

}  // namespace

Result<BuildFolder> BuildFolder::open(const fs::path &cache, const std::string &label,
                                      const std::string &identity, const Tick &waiting) {
  const fs::path path =
      cache / kFolder / fmt::format("{}-{}", label, sha256_hex(identity).substr(0, kDigits));
  std::error_code error;
  fs::create_directories(path, error);
  if (error) return fail("make folder", path.string(), error.value(), kCacheFolderHint);
  UniqueFd folder = open_folder(path);
  if (!folder.valid()) return fail("open folder", path.string(), errno, kCacheFolderHint);
  while (::flock(folder.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) return fail("lock folder", path.string(), errno);
    if (waiting) waiting();
    ::poll(nullptr, 0, kWaitMs);
    if (interrupted()) return fail("wait for", path.string(), EINTR);
  }
  return BuildFolder(path, std::move(folder));
}

std::vector<std::string> list_build_folders(const fs::path &cache) {
  std::vector<std::string> names;
  std::error_code error;
  for (const auto &entry : fs::directory_iterator(cache / kFolder, error)) {
    const std::string name = entry.path().filename().string();
    if (!name.starts_with('.')) names.push_back(name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

Result<size_t> remove_build_folders(const fs::path &cache) {
  size_t removed = 0;
  for (const std::string &name : list_build_folders(cache)) {
    const UniqueFd folder = open_folder(cache / kFolder / name);
    if (!folder.valid() || ::flock(folder.get(), LOCK_EX | LOCK_NB) != 0) continue;
    SKLAB_CHECK(remove_folder(cache / kFolder, name));
    ++removed;
  }
  return removed;
}

}  // namespace sklab
