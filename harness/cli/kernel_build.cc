// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// `sklab kernel build`.
#include "harness/guest/build/kernel_build.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <optional>
#include <thread>

#include "fuzz/kernel_changes/kernel_mutant.h"
#include "fuzz/kernel_changes/known_bugs.h"
#include "harness/cli/kernel.h"
#include "harness/cli/report_error.h"
#include "harness/guest/boot_image.h"
#include "harness/guest/kernels/kernel_cache.h"
#include "harness/guest/kernels/kernel_limit.h"
#include "harness/measure/interrupt.h"

namespace sklab {
namespace {

// Of a kernel that is not named: what tells it from others of the same source.
std::string default_name(const std::string &release, const KernelBuildOptions &options) {
  std::string name = release;
  for (const auto &patch : options.patches) name += "-" + patch.stem().string();
  for (const SourceChange &change : options.changes) name += "-" + change.name;
  for (const std::string &variant : options.variants) name += "-" + variant;
  return name;
}

// Bugs that were, and mutants. None for another name.
std::optional<SourceChange> change_named(const std::string &name) {
  for (const KnownBug &bug : known_bugs()) {
    if (bug.change.name == name) return bug.change;
  }
  const auto number = mutant_number(name);
  if (!number) return std::nullopt;
  return change_of(kernel_mutants()[*number - 1]);
}

// What was built can be built again; what is from elsewhere is not lost by a build.
Result<> check_replaceable(const std::filesystem::path &cache, const std::string &name) {
  SKLAB_CHECK(check_kernel_name(name));
  if (!has_kernel(cache, name)) return Ok{};
  const auto there = open_kernel(cache, name);
  if (!there || there->record.origin.kind == KernelOriginKind::kBuilt) return Ok{};
  return fail_as(ErrorKind::kUsage, "build kernel", name, 0,
                 "there is one of that name that was not built; choose another with --name");
}

}  // namespace

void add_build_options(CLI::App &command, KernelBuildOptions &options) {
  command
      .add_option("--patch", options.patches,
                  "Applied to a copy of the source, in this order; can be given more than once")
      ->type_name("FILE");
  command
      .add_option_function<std::vector<std::string>>(
          "--change",
          [&options](const std::vector<std::string> &names) {
            for (const std::string &name : names) options.changes.push_back(*change_named(name));
          },
          "A bug to be brought back, or a mutant (`sklab mutants --list`); can be given more than\n"
          "once")
      ->type_name("NAME")
      ->check(CLI::Validator(
          [](const std::string &name) {
            return change_named(name) ? std::string()
                                      : "there is no " + name + "; `sklab mutants --list`";
          },
          ""));
  command.add_flag_callback(
      "--all-mutants", [&options] { options.changes.push_back(change_to_all_mutants()); },
      "All mutants in one kernel, which is like none of them until it boots with "
      "sklab_mutant=NUMBER");
  command
      .add_option("--config", options.fragments,
                  "Options of Kconfig besides sklab's own; can be given more than once")
      ->type_name("FILE");
  for (const KernelVariant &variant : kKernelVariants) {
    command.add_flag_callback(
        fmt::format("--{}", variant.name),
        [&options, name = variant.name] { options.variants.insert(name); }, variant.description);
  }
  command.add_option("--make", options.make_variables, "A variable of make: LLVM=1, CC=gcc-13")
      ->type_name("NAME=VALUE")
      ->check(CLI::Validator(
          [](const std::string &text) {
            return text.find('=') == std::string::npos || text.starts_with('=') ||
                           text.starts_with('-')
                       ? std::string("is no NAME=VALUE")
                       : std::string();
          },
          ""));
  options.jobs = std::max(1U, std::thread::hardware_concurrency());
  command.add_option("--jobs", options.jobs, "Compilers at a time (default: one a CPU)")
      ->check(CLI::Range(1, 1024));
}

Result<InstalledKernel> build_and_install(const std::filesystem::path &cache,
                                          const KernelBuildOptions &options, std::string name,
                                          const Progressing &progress) {
  SKLAB_TRY(const uint64_t limit_mib, configured_limit_mib());
  if (!name.empty()) SKLAB_CHECK(check_replaceable(cache, name));
  SKLAB_TRY(KernelBuild build, build_kernel(cache, options, progress));
  SKLAB_TRY(const BootImage image, inspect_boot_image(build.kernel.image));
  if (name.empty()) name = default_name(image.release, options);
  SKLAB_CHECK(check_replaceable(cache, name));
  build.kernel.name = name;
  build.kernel.replace = true;
  SKLAB_TRY(const CacheLock lock, CacheLock::take(cache, [&] {
              progress("waiting for another sklab to change the cache");
            }));
  SKLAB_TRY(InstalledKernel installed, install_kernel(lock, cache, build.kernel, progress));
  SKLAB_CHECK(make_room(lock, cache, limit_mib, name));
  return installed;
}

ExitCode run_kernel_build(const KernelCommandOptions &options) {
  const auto cache = kernel_cache_folder();
  if (!cache) return report_error(cache.error());
  watch_interrupts();
  constexpr double kUsualBuildS = 600;
  KernelProgress progress("kernel " + options.build.source, kUsualBuildS);
  const auto built = build_and_install(*cache, options.build, options.name,
                                       [&](std::string_view what) { progress.show(what); });
  progress.finish();
  if (!built) return report_kernel_error(built.error());
  fmt::print("{}", installed_line(*built));
  return ExitCode::kOk;
}

}  // namespace sklab
