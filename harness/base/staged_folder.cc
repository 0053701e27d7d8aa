// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/base/staged_folder.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstdio>
#include <optional>

#include "harness/base/unique_fd.h"

namespace sklab {
namespace {

namespace fs = std::filesystem;

constexpr char kHiddenSuffix[] = ".tmp";

// Hidden folders are named .NAME.PID.tmp: whose process is gone, theirs is garbage.
fs::path hidden_name(const std::string &name) {
  return fmt::format(".{}.{}{}", name, ::getpid(), kHiddenSuffix);
}

std::optional<pid_t> owner_of(const fs::path &name) {
  if (name.extension() != kHiddenSuffix || name.string().front() != '.') return std::nullopt;
  const std::string pid_text = name.stem().extension().string();
  pid_t pid = 0;
  const char *last = pid_text.data() + pid_text.size();
  if (pid_text.size() < 2) return std::nullopt;
  const auto [end, error] = std::from_chars(pid_text.data() + 1, last, pid);
  return error == std::errc() && end == last && pid > 0 ? std::optional(pid) : std::nullopt;
}

void clear_leftovers(const fs::path &parent) {
  std::error_code error;
  for (const auto &entry : fs::directory_iterator(parent, error)) {
    const auto owner = owner_of(entry.path().filename());
    if (!owner || *owner == ::getpid()) continue;
    if (::kill(*owner, 0) == 0 || errno != ESRCH) continue;
    fs::remove_all(entry.path(), error);
  }
}

// A folder's entries survive a power cut only once it is synced itself.
void sync_folder(const fs::path &folder) {
  const UniqueFd fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (fd.valid()) ::fsync(fd.get());
}

void sync_folders(const fs::path &folder) {
  sync_folder(folder);
  std::error_code error;
  for (const auto &entry : fs::recursive_directory_iterator(folder, error)) {
    if (entry.is_directory(error) && !entry.is_symlink(error)) sync_folder(entry.path());
  }
}

}  // namespace

Result<StagedFolder> StagedFolder::create(const fs::path &parent, std::string name) {
  std::error_code error;
  fs::create_directories(parent, error);
  if (error) return fail("make folder", parent.string(), error.value());
  clear_leftovers(parent);
  const fs::path hidden = parent / hidden_name(name);
  if (::mkdir(hidden.c_str(), 0755) != 0) return fail("write to folder", parent.string(), errno);
  return StagedFolder(parent, std::move(name), hidden);
}

StagedFolder::~StagedFolder() {
  std::error_code ignored;
  if (!hidden_.empty()) fs::remove_all(hidden_, ignored);
}

Result<fs::path> StagedFolder::publish(unsigned rename_flags) {
  sync_folders(hidden_);
  fs::path final_path = parent_ / name_;
  if (::renameat2(AT_FDCWD, hidden_.c_str(), AT_FDCWD, final_path.c_str(), rename_flags) != 0) {
    return fail("rename to", final_path.string(), errno);
  }
  // What was exchanged has the hidden name now, and goes with this object.
  if (rename_flags != RENAME_EXCHANGE) hidden_.clear();
  sync_folder(parent_);
  return final_path;
}

Result<fs::path> StagedFolder::publish() { return publish(0); }

Result<fs::path> StagedFolder::publish_in_place() {
  std::error_code ignored;
  return publish(fs::exists(parent_ / name_, ignored) ? RENAME_EXCHANGE : 0);
}

Result<> remove_folder(const fs::path &parent, const std::string &name) {
  const fs::path path = parent / name;
  const fs::path hidden = parent / hidden_name(name);
  if (::rename(path.c_str(), hidden.c_str()) != 0) return fail("remove", path.string(), errno);
  std::error_code error;
  fs::remove_all(hidden, error);
  if (error) return fail("remove", hidden.string(), error.value());
  return Ok{};
}

}  // namespace sklab
