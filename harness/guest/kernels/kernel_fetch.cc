// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/guest/kernels/kernel_fetch.h"

#include "harness/base/staged_folder.h"

namespace sklab {
namespace {

namespace fs = std::filesystem;

// The first that is there; empty for none.
fs::path first_of(const std::vector<fs::path> &paths) {
  std::error_code ignored;
  for (const fs::path &path : paths) {
    if (fs::exists(path, ignored)) return path;
  }
  return {};
}

}  // namespace

Result<NewKernel> find_unpacked(const fs::path &unpacked, const std::string &release) {
  // Everything is beside the modules since Linux 7.2, and those are below /usr since 6.19.
  const fs::path tree = unpacked / kListedFolder;
  const fs::path usr_modules = fs::path("usr/lib/modules") / release;
  const fs::path usr = tree / usr_modules;
  const fs::path boot = tree / "boot";
  NewKernel kernel;
  kernel.image = first_of({usr / "vmlinuz", boot / ("vmlinuz-" + release)});
  kernel.config = first_of({usr / "config", boot / ("config-" + release)});
  kernel.system_map = first_of({usr / "System.map", boot / ("System.map-" + release)});
  kernel.modules = first_of({usr / "kernel", tree / "lib/modules" / release / "kernel",
                             unpacked / kUnlistedFolder / usr_modules / "kernel"});
  if (!kernel.image.empty()) return kernel;
  return fail("find the image of", release, 0, "its packages have none where sklab looks for it");
}

Result<std::optional<KernelRecord>> KernelFetcher::present(const std::string &spec) const {
  if (!has_kernel(cache_, spec)) return std::nullopt;
  auto open = open_kernel(cache_, spec);
  // What is damaged is fetched again.
  if (!open) return std::nullopt;
  return std::move(open->record);
}

Result<CacheLock> KernelFetcher::lock() {
  return CacheLock::take(cache_,
                         [this] { progress_("waiting for another sklab to change the cache"); });
}

Result<> KernelFetcher::plan(const std::vector<std::string> &specs) {
  for (const std::string &spec : specs) SKLAB_CHECK(check_kernel_name(spec));
  SKLAB_TRY(const CacheLock lock, this->lock());
  for (const std::string &spec : specs) {
    SKLAB_TRY(const auto there, present(spec));
    if (there && there->origin.kind != KernelOriginKind::kDebian && update_) {
      return fail_as(ErrorKind::kUsage, "update kernel", spec, 0,
                     "it was not fetched; remove it first");
    }
    if (there && !update_) continue;
    if (!archive_) {
      SKLAB_TRY(archive_, DebianArchive::open(cache_ / kDebianFolder, progress_));
    }
    SKLAB_TRY(planned_[spec], archive_->find(spec));
  }
  return Ok{};
}

Result<FetchedKernel> KernelFetcher::fetch(const std::string &spec, const CacheLock &lock) {
  SKLAB_TRY(auto there, present(spec));
  const auto planned = planned_.find(spec);
  const bool is_newest = there && planned != planned_.end() &&
                         there->origin.package_version == planned->second.version;
  if (there && (!update_ || is_newest)) return FetchedKernel{true, {std::move(*there)}};
  if (planned == planned_.end()) {
    return fail("fetch kernel", spec, 0, "another sklab removed it meanwhile; do it again");
  }
  const DebianKernel &debian = planned->second;
  SKLAB_TRY(const StagedFolder unpacked, StagedFolder::create(cache_, spec + ".unpacked"));
  SKLAB_CHECK(archive_->unpack(debian, unpacked.path()));
  SKLAB_TRY(NewKernel kernel, find_unpacked(unpacked.path(), debian.release));
  kernel.name = spec;
  kernel.origin = {KernelOriginKind::kDebian, debian.package, debian.version};
  kernel.replace = true;
  SKLAB_TRY(InstalledKernel installed, install_kernel(lock, cache_, kernel, progress_));
  return FetchedKernel{false, std::move(installed)};
}

}  // namespace sklab
