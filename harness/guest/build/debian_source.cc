// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/guest/build/debian_source.h"

#include <fmt/format.h>

#include "harness/base/lines.h"
#include "harness/guest/kernels/apt.h"
#include "harness/guest/kernels/debian_archive.h"
#include "harness/guest/kernels/debian_version.h"

namespace sklab {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kPrefix = "linux-source-";
constexpr double kUnpackLimitS = 900;

Result<> unpack_with(const std::vector<std::string> &command, const std::string &what,
                     const Progressing &progress) {
  SKLAB_TRY(const ToolRun run,
            run_tool({command, {}}, kUnpackLimitS, [&] { progress("unpacking " + what); }));
  if (run.exit_code == 0) return Ok{};
  return fail("unpack", what, 0, tool_reason(run.errors));
}

// The only file of the folder whose name ends so. Errors: none.
Result<fs::path> find_file(const fs::path &folder, std::string_view end) {
  std::error_code error;
  for (const auto &entry : fs::directory_iterator(folder, error)) {
    if (entry.path().filename().string().ends_with(end)) return entry.path();
  }
  return fail("find", fmt::format("a file *{}", end), error.value(), "in " + folder.string());
}

}  // namespace

bool is_source_package(std::string_view name) {
  return name.starts_with(kPrefix) && name.find('/') == std::string_view::npos;
}

std::string newest_version(std::string_view paragraphs, std::string_view package) {
  constexpr std::string_view kPackage = "Package: ";
  constexpr std::string_view kVersion = "Version: ";
  std::string newest;
  bool is_it = false;
  while (!paragraphs.empty()) {
    const std::string_view line = take_line(paragraphs);
    if (line.starts_with(kPackage)) is_it = line.substr(kPackage.size()) == package;
    if (!is_it || !line.starts_with(kVersion)) continue;
    const std::string_view version = line.substr(kVersion.size());
    if (newest.empty() || compare_debian_versions(newest, version) < 0) newest = version;
  }
  return newest;
}

Result<DebianSource> DebianSource::find(const fs::path &cache, const std::string &package,
                                        const Progressing &progress) {
  SKLAB_TRY(Apt apt, Apt::open(cache / kDebianFolder));
  if (!apt.lists_are_recent()) {
    SKLAB_CHECK(apt.update([&] { progress("reading Debian's package lists"); }));
  }
  SKLAB_TRY(const std::string shown,
            apt.show(package, [&] { progress("looking for " + package); }));
  std::string version = newest_version(shown, package);
  if (version.empty()) {
    return fail_as(ErrorKind::kUsage, "find Debian's package", package, 0,
                   "there is none; `apt-cache search linux-source` shows those of this machine");
  }
  return DebianSource(cache, package, std::move(version), progress);
}

Result<fs::path> DebianSource::unpack(const fs::path &folder) const {
  SKLAB_TRY(const Apt apt, Apt::open(cache_ / kDebianFolder));
  SKLAB_TRY(const std::string dpkg_deb, find_program("dpkg-deb", "dpkg"));
  SKLAB_TRY(const std::string tar, find_program("tar", "tar"));
  SKLAB_CHECK(Apt(apt).download({package_}, version_, folder,
                                [this] { progress_("downloading " + package_); }));
  SKLAB_TRY(const fs::path package, find_file(folder, ".deb"));
  SKLAB_CHECK(
      unpack_with({dpkg_deb, "--extract", package.string(), folder.string()}, package_, progress_));
  SKLAB_TRY(const fs::path archive, find_file(folder / "usr/src", ".tar.xz"));
  SKLAB_CHECK(
      unpack_with({tar, "--extract", "--file", archive.string(), "--directory", folder.string()},
                  package_, progress_));
  return folder / package_;
}

}  // namespace sklab
