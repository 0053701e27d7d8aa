// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/guest/build/kernel_build.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <utility>

#include "harness/base/file.h"
#include "harness/base/staged_folder.h"
#include "harness/guest/build/debian_source.h"
#include "harness/guest/build/kernel_config.h"
#include "harness/guest/build/kernel_make.h"
#include "harness/guest/build/source_snapshots.h"

namespace sklab {
namespace {

namespace fs = std::filesystem;

constexpr size_t kShownDigits = 12;

class Builder {
 public:
  Builder(fs::path cache, const KernelBuildOptions &options, Progressing progress)
      : cache_(std::move(cache)), options_(options), progress_(std::move(progress)) {}

  Result<KernelBuild> build();

 private:
  [[nodiscard]] Tick telling(std::string what) const {
    return [this, what = std::move(what)] { progress_(what); };
  }
  Result<BuildFolder> open_folder();
  Result<std::string> take_source(const BuildFolder &folder, SourceSnapshots &snapshots);
  Result<std::string> take_package(const BuildFolder &folder, SourceSnapshots &snapshots);
  Result<> configure(const BuildFolder &folder, KernelMake &make);

  fs::path cache_;
  const KernelBuildOptions &options_;
  Progressing progress_;
  fs::path source_;      // empty for a package
  std::string version_;  // of the package
};

// Variants change every object, and so have a folder of their own.
Result<BuildFolder> Builder::open_folder() {
  std::string label = options_.source;
  if (!is_source_package(options_.source)) {
    SKLAB_TRY(source_, find_kernel_source(options_.source));
    label = source_.filename().string();
  }
  const std::string identity =
      fmt::format("{}\n{}", source_.empty() ? options_.source : source_.string(),
                  fmt::join(options_.variants, " "));
  return BuildFolder::open(cache_, label, identity,
                           telling("waiting for another sklab to build this source"));
}

// What was unpacked once stands in the snapshots.
Result<std::string> Builder::take_package(const BuildFolder &folder, SourceSnapshots &snapshots) {
  const fs::path note = folder.path() / "package";  // its version, and the tree that it is
  const std::string known = read_fact(note, "");
  const size_t space = known.find(' ');
  if (space != std::string::npos && !options_.update) {
    version_ = known.substr(0, space);
    return known.substr(space + 1);
  }
  SKLAB_TRY(const CacheLock lock,
            CacheLock::take(cache_, telling("waiting for another sklab to change the cache")));
  SKLAB_TRY(const DebianSource package, DebianSource::find(cache_, options_.source, progress_));
  version_ = package.version();
  if (known.starts_with(version_ + " ")) return known.substr(space + 1);
  SKLAB_TRY(const StagedFolder unpacked, StagedFolder::create(folder.path(), "unpacked"));
  SKLAB_TRY(const fs::path source, package.unpack(unpacked.path()));
  SKLAB_TRY(std::string tree, snapshots.take(source));
  SKLAB_CHECK(write_file_atomically(note, fmt::format("{} {}\n", version_, tree)));
  return tree;
}

Result<std::string> Builder::take_source(const BuildFolder &folder, SourceSnapshots &snapshots) {
  if (source_.empty()) return take_package(folder, snapshots);
  return snapshots.take(source_);
}

Result<> Builder::configure(const BuildFolder &folder, KernelMake &make) {
  SKLAB_TRY(const std::string fragments, read_fragments(options_.fragments));
  const fs::path wanted = folder.path() / "wanted.config";
  SKLAB_CHECK(write_file_atomically(wanted, own_config(options_.variants) + fragments));
  SKLAB_CHECK(make.make("allnoconfig", {{"KCONFIG_ALLCONFIG", wanted.string()}}));
  SKLAB_TRY(const std::string config, read_file(folder.objects() / ".config"));
  const auto missing = options_not_taken(fragments, config);
  if (missing.empty()) return Ok{};
  return fail_as(ErrorKind::kUsage, "configure the kernel with", missing.front(), 0,
                 "it is not known, or lacks an option that it depends on");
}

Result<KernelBuild> Builder::build() {
  if (options_.variants.contains("kasan") && options_.variants.contains("kcsan")) {
    return fail_as(ErrorKind::kUsage, "build a kernel with", "KASAN and KCSAN", 0,
                   "the kernel can have one of them");
  }
  SKLAB_TRY(BuildFolder folder, open_folder());
  std::vector<std::string> variables = variant_make_variables(options_.variants);
  variables.insert(variables.end(), options_.make_variables.begin(), options_.make_variables.end());
  SKLAB_TRY(KernelMake make,
            KernelMake::create(folder, options_.jobs, std::move(variables), progress_));
  SKLAB_TRY(SourceSnapshots snapshots,
            SourceSnapshots::open(folder, telling("taking the source as it is now")));
  SKLAB_TRY(const std::string source, take_source(folder, snapshots));
  SKLAB_TRY(const std::string patched, snapshots.apply(source, options_.patches));
  SKLAB_TRY(const std::string tree, snapshots.change(patched, options_.changes));
  SKLAB_CHECK(snapshots.check_out(tree));
  SKLAB_CHECK(configure(folder, make));
  SKLAB_CHECK(make.make("bzImage"));

  NewKernel kernel;
  const std::string name = source_.empty() ? options_.source + " " + version_ : options_.source;
  kernel.origin = {KernelOriginKind::kBuilt, name, tree.substr(0, kShownDigits)};
  kernel.image = folder.objects() / "arch/x86/boot/bzImage";
  kernel.config = folder.objects() / ".config";
  kernel.system_map = folder.objects() / "System.map";
  kernel.vmlinux = folder.objects() / "vmlinux";
  return KernelBuild{std::move(folder), tree, std::move(kernel)};
}

}  // namespace

Result<fs::path> find_kernel_source(const std::string &source) {
  std::error_code ignored;
  const fs::path folder = fs::canonical(source, ignored);
  for (const char *part : {"Makefile", "Kconfig", "net", "arch/x86"}) {
    if (!folder.empty() && fs::exists(folder / part, ignored)) continue;
    return fail_as(ErrorKind::kUsage, "find the kernel's source in", source, 0,
                   fmt::format("it has no {}; say a folder, or a package of Debian's as "
                               "linux-source-6.12",
                               part));
  }
  return folder;
}

Result<KernelBuild> build_kernel(const fs::path &cache, const KernelBuildOptions &options,
                                 const Progressing &progress) {
  return Builder(cache, options, progress).build();
}

}  // namespace sklab
