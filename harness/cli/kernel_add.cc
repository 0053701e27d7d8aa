// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// `sklab kernel add`.
#include <fmt/format.h>

#include "harness/cli/kernel.h"
#include "harness/cli/report_error.h"
#include "harness/guest/boot_image.h"
#include "harness/guest/kernels/kernel_limit.h"
#include "harness/measure/interrupt.h"

namespace sklab {
namespace {

// What stands beside an image under /boot, or in a build.
void add_companions(NewKernel &kernel, const std::string &release) {
  const std::filesystem::path folder = std::filesystem::absolute(kernel.image).parent_path();
  for (const std::string &suffix : {"-" + release, std::string()}) {
    std::error_code ignored;
    const auto config = folder / ("config" + suffix);
    const auto system_map = folder / ("System.map" + suffix);
    if (kernel.config.empty() && std::filesystem::exists(config, ignored)) kernel.config = config;
    if (kernel.system_map.empty() && std::filesystem::exists(system_map, ignored)) {
      kernel.system_map = system_map;
    }
  }
}

Result<NewKernel> describe_new(const KernelCommandOptions &options) {
  SKLAB_TRY(const BootImage image, inspect_boot_image(options.image));
  NewKernel kernel;
  kernel.name = options.name.empty() ? image.release : options.name;
  kernel.image = options.image;
  kernel.modules = options.modules;
  kernel.vmlinux = options.vmlinux;
  std::error_code ignored;
  if (!options.modules.empty() && !std::filesystem::is_directory(options.modules, ignored)) {
    return fail_as(ErrorKind::kUsage, "find modules in", options.modules.string(), 0,
                   "it is no folder");
  }
  add_companions(kernel, image.release);
  return kernel;
}

Result<InstalledKernel> add_from_file(const KernelCommandOptions &options,
                                      const std::filesystem::path &cache) {
  SKLAB_TRY(const NewKernel kernel, describe_new(options));
  SKLAB_CHECK(check_kernel_name(kernel.name));
  SKLAB_TRY(const uint64_t limit_mib, configured_limit_mib());
  KernelProgress progress("kernel " + kernel.name, kUsualKernelS);
  const auto show = [&](std::string_view what) { progress.show(what); };
  SKLAB_TRY(const CacheLock lock,
            CacheLock::take(cache, [&] { show("waiting for another sklab to change the cache"); }));
  SKLAB_TRY(InstalledKernel installed, install_kernel(lock, cache, kernel, show));
  SKLAB_CHECK(make_room(lock, cache, limit_mib, kernel.name));
  return installed;
}

}  // namespace

ExitCode run_kernel_add(const KernelCommandOptions &options) {
  const auto cache = kernel_cache_folder();
  if (!cache) return report_error(cache.error());
  watch_interrupts();
  const auto added = add_from_file(options, *cache);
  if (!added) return report_kernel_error(added.error());
  fmt::print("{}", installed_line(*added));
  return ExitCode::kOk;
}

}  // namespace sklab
