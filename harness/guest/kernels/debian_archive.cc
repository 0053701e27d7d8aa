// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/guest/kernels/debian_archive.h"

#include <utility>

namespace sklab {
namespace {

namespace fs = std::filesystem;

constexpr double kUnpackLimitS = 300;

std::vector<fs::path> packages_in(const fs::path &folder) {
  std::vector<fs::path> packages;
  std::error_code error;
  for (const auto &entry : fs::directory_iterator(folder, error)) {
    if (entry.path().extension() == ".deb") packages.push_back(entry.path());
  }
  return packages;
}

}  // namespace

Result<DebianArchive> DebianArchive::open(fs::path folder, Progressing progress) {
  SKLAB_TRY(Apt apt, Apt::open(std::move(folder)));
  SKLAB_TRY(std::string dpkg_deb, find_program("dpkg-deb", "dpkg"));
  return DebianArchive(std::move(apt), std::move(dpkg_deb), std::move(progress));
}

Tick DebianArchive::telling(std::string what) const {
  return [this, what = std::move(what)] { progress_(what); };
}

Result<> DebianArchive::update() {
  updated_ = true;
  kernels_.clear();
  return apt_.update(telling("reading Debian's package lists"));
}

Result<> DebianArchive::read_index() {
  SKLAB_TRY(const std::string text,
            apt_.show("linux-*-cloud-amd64", telling("looking for kernels")));
  kernels_ = parse_kernel_packages(text);
  return Ok{};
}

Result<DebianKernel> DebianArchive::find(const std::string &spec) {
  Result<> current = Ok{};
  if (!updated_ && !apt_.lists_are_recent()) current = update();
  if (kernels_.empty()) SKLAB_CHECK(read_index());
  auto kernel = choose_kernel(kernels_, spec);
  if (!kernel && !updated_) {
    // It may be newer than the lists.
    current = update();
    SKLAB_CHECK(read_index());
    kernel = choose_kernel(kernels_, spec);
  }
  if (!current) {
    trouble_ = current.error().message();
    // A suite that is no more, or a mirror that is away, need not keep from what is known.
    if (!kernel) return tl::unexpected(current.error());
  }
  return kernel;
}

Result<> DebianArchive::unpack_all(const DebianKernel &kernel, const fs::path &folder) {
  for (const fs::path &package : packages_in(folder)) {
    SKLAB_TRY(const ToolRun run,
              run_tool({{dpkg_deb_, "--extract", package.string(), folder.string()}, {}},
                       kUnpackLimitS, telling("unpacking " + kernel.package)));
    std::error_code ignored;
    fs::remove(package, ignored);
    if (run.exit_code != 0) {
      return fail("unpack", package.filename().string(), 0, tool_reason(run.errors));
    }
  }
  return Ok{};
}

Result<> DebianArchive::unpack(const DebianKernel &kernel, const fs::path &into) {
  const fs::path listed = into / kListedFolder;
  const fs::path unlisted = into / kUnlistedFolder;
  for (const fs::path &folder : {listed, unlisted}) {
    std::error_code error;
    fs::create_directory(folder, error);
    if (error) return fail("make folder", folder.string(), error.value());
  }
  SKLAB_CHECK(apt_.download(kernel.packages, kernel.version, listed,
                            telling("downloading " + kernel.package)));
  SKLAB_CHECK(unpack_all(kernel, listed));
  if (kernel.unlisted_modules.empty()) return Ok{};
  const auto downloaded = apt_.download_file(kernel.unlisted_modules, unlisted / "modules.deb",
                                             telling("downloading its modules"));
  if (!downloaded) {
    Error error = downloaded.error();
    error.hint += " (Debian lists this kernel without its modules)";
    return tl::unexpected(std::move(error));
  }
  return unpack_all(kernel, unlisted);
}

}  // namespace sklab
