// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/record/run_folder.h"

#include <fcntl.h>
#include <fmt/chrono.h>
#include <fmt/format.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <csignal>
#include <optional>
#include <utility>

#include "harness/base/file.h"
#include "harness/base/unique_fd.h"

namespace sklab {
namespace {

namespace fs = std::filesystem;

constexpr char kSuffix[] = ".tmp";
constexpr char kHint[] = "choose another folder with --output";

// Hidden folders are named .RUN-ID.PID.tmp: whose process is gone, theirs is garbage.
fs::path hidden_name(const std::string &run_id) {
  return fmt::format(".{}.{}{}", run_id, ::getpid(), kSuffix);
}

std::optional<pid_t> owner_of(const fs::path &name) {
  if (name.extension() != kSuffix || name.string().front() != '.') return std::nullopt;
  const std::string pid_text = name.stem().extension().string();
  pid_t pid = 0;
  const char *last = pid_text.data() + pid_text.size();
  if (pid_text.size() < 2) return std::nullopt;
  const auto [end, error] = std::from_chars(pid_text.data() + 1, last, pid);
  return error == std::errc() && end == last && pid > 0 ? std::optional(pid) : std::nullopt;
}

void clear_leftovers(const fs::path &runs_folder) {
  std::error_code error;
  for (const auto &entry : fs::directory_iterator(runs_folder, error)) {
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

Result<> point_latest_to(const fs::path &runs_folder, const std::string &run_id) {
  const fs::path temporary = runs_folder / fmt::format(".latest.{}{}", ::getpid(), kSuffix);
  const fs::path latest = runs_folder / "latest";
  ::unlink(temporary.c_str());
  if (::symlink(run_id.c_str(), temporary.c_str()) != 0) {
    return fail("make link", latest.string(), errno, kHint);
  }
  if (::rename(temporary.c_str(), latest.c_str()) == 0) return Ok{};
  const int error = errno;
  ::unlink(temporary.c_str());
  return fail("make link", latest.string(), error, kHint);
}

}  // namespace

std::string new_run_id(std::time_t utc) {
  uint32_t random = 0;
  if (::getrandom(&random, sizeof(random), 0) != sizeof(random)) {
    random = static_cast<uint32_t>(::getpid());
  }
  return fmt::format("{:%Y%m%dT%H%M%SZ}-{:06x}", fmt::gmtime(utc), random & 0xffffffU);
}

Result<RunFolder> RunFolder::create(const fs::path &runs_folder, std::string run_id) {
  std::error_code error;
  fs::create_directories(runs_folder, error);
  if (error) return fail("make folder", runs_folder.string(), error.value(), kHint);
  clear_leftovers(runs_folder);
  const fs::path hidden = runs_folder / hidden_name(run_id);
  if (::mkdir(hidden.c_str(), 0755) != 0) {
    return fail("write to folder", runs_folder.string(), errno, kHint);
  }
  return RunFolder(runs_folder, std::move(run_id), hidden);
}

RunFolder::RunFolder(RunFolder &&other) noexcept
    : runs_folder_(std::move(other.runs_folder_)),
      run_id_(std::move(other.run_id_)),
      hidden_(std::exchange(other.hidden_, {})) {}

RunFolder::~RunFolder() {
  std::error_code ignored;
  if (!hidden_.empty()) fs::remove_all(hidden_, ignored);
}

Result<> RunFolder::add(std::string_view name, std::string_view content) {
  auto written = write_file_atomically(hidden_ / name, content);
  if (!written) written.error().hint = kHint;
  return written;
}

Result<fs::path> RunFolder::publish() {
  sync_folder(hidden_);
  const fs::path final_path = runs_folder_ / run_id_;
  if (::rename(hidden_.c_str(), final_path.c_str()) != 0) {
    return fail("rename to", final_path.string(), errno, kHint);
  }
  hidden_.clear();
  sync_folder(runs_folder_);
  SKLAB_CHECK(point_latest_to(runs_folder_, run_id_));
  return final_path;
}

}  // namespace sklab
