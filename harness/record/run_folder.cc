// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/record/run_folder.h"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <sys/random.h>
#include <unistd.h>

#include <cerrno>

#include "harness/base/file.h"

namespace sklab {
namespace {

namespace fs = std::filesystem;

constexpr char kHint[] = "choose another folder with --output";

template <typename T>
Result<T> with_hint(Result<T> result) {
  if (!result) result.error().hint = kHint;
  return result;
}

Result<> point_latest_to(const fs::path &runs_folder, const std::string &run_id) {
  const fs::path temporary = runs_folder / fmt::format(".latest.{}.tmp", ::getpid());
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
  SKLAB_TRY(StagedFolder staged, with_hint(StagedFolder::create(runs_folder, run_id)));
  return RunFolder(runs_folder, std::move(run_id), std::move(staged));
}

Result<> RunFolder::add(std::string_view name, std::string_view content) {
  return with_hint(write_file_atomically(staged_.path() / name, content));
}

Result<fs::path> RunFolder::publish() {
  SKLAB_TRY(const fs::path final_path, with_hint(staged_.publish()));
  SKLAB_CHECK(point_latest_to(runs_folder_, run_id_));
  return final_path;
}

}  // namespace sklab
