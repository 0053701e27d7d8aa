// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// `sklab kernel`: the kernels that guests can be started with, by name.
#include "harness/cli/kernel.h"

#include <fmt/format.h>

#include <cstdio>
#include <memory>

#include "harness/cli/command.h"
#include "harness/cli/kernel_list.h"
#include "harness/cli/report_error.h"
#include "harness/guest/build/build_folder.h"
#include "harness/guest/kernels/kernel_limit.h"
#include "harness/measure/interrupt.h"

namespace sklab {

ExitCode report_kernel_error(const Error &error) {
  if (!interrupted()) return report_error(error);
  fmt::print(stderr, "sklab kernel: interrupted, nothing half-done was kept\n");
  return ExitCode::kInterrupted;
}

std::string installed_line(const InstalledKernel &kernel) {
  constexpr double kBytesPerMib = 1U << 20U;
  return fmt::format("{}: {} ({}), {:.1f} MiB, boots in {:.1f} s\n", kernel.record.name,
                     kernel.record.release, kernel.record.origin.text(),
                     static_cast<double>(kernel.bytes) / kBytesPerMib, kernel.started_s);
}

Result<> make_room(const CacheLock &lock, const std::filesystem::path &cache, uint64_t limit_mib,
                   const std::string &added) {
  return keep_within(lock, cache, limit_mib, added, [&](const CachedKernel &gone) {
    fmt::print(stderr,
               "sklab: removed kernel {} ({}), last of all used: the cache has {} MiB at most\n",
               gone.record.name, gone.record.release, limit_mib);
  });
}

namespace {

ExitCode run_list(const KernelCommandOptions &options) {
  const auto cache = kernel_cache_folder();
  if (!cache) return report_error(cache.error());
  const auto kernels = list_kernels(*cache);
  if (!kernels) return report_error(kernels.error());
  if (options.json) {
    fmt::print("{}", kernel_list_json(*kernels));
  } else if (kernels->empty()) {
    fmt::print("no kernel in {}; `sklab kernel fetch 6.12` gets one\n", cache->string());
  } else {
    fmt::print("{}", kernel_table(*kernels));
  }
  const size_t folders = options.json ? 0 : list_build_folders(*cache).size();
  if (folders > 0) {
    fmt::print(
        "{} source{} kept for the next build; `sklab kernel remove --builds` frees the disk\n",
        folders, folders == 1 ? "" : "s");
  }
  return ExitCode::kOk;
}

ExitCode run_remove(const KernelCommandOptions &options) {
  const auto cache = kernel_cache_folder();
  if (!cache) return report_error(cache.error());
  watch_interrupts();
  const auto lock = CacheLock::take(*cache, {});
  if (!lock) return report_kernel_error(lock.error());
  ExitCode code = ExitCode::kOk;
  if (options.build_folders) {
    const auto removed = remove_build_folders(*cache);
    if (!removed) return report_error(removed.error());
  }
  for (const std::string &name : options.names) {
    const auto gone = remove_kernel(*lock, *cache, name);
    if (gone) continue;
    const ExitCode failed = report_error(gone.error());
    if (code == ExitCode::kOk) code = failed;
  }
  return code;
}

CLI::App *add_list(CLI::App &kernel, KernelCommandOptions &options) {
  CLI::App *list = kernel.add_subcommand("list", "Show the kernels that there are");
  list->add_flag("--json", options.json, "Print JSON");
  list->footer("Examples:\n  sklab kernel list\n  sklab kernel list --json | jq '.[].release'\n\n" +
               std::string(kExitCodes));
  return list;
}

CLI::App *add_fetch(CLI::App &kernel, KernelCommandOptions &options) {
  CLI::App *fetch = kernel.add_subcommand("fetch", "Get kernels of Debian's, newest first");
  fetch->add_option("spec", options.names, "Beginning of a version, which becomes the name: 6.12")
      ->required();
  fetch->add_flag("--update", options.update, "Replace those that are there by newer ones");
  fetch
      ->add_option("--limit", options.limit_mib,
                   "MiB that all kernels may take; those not used for longest go\n"
                   "(default: SKLAB_KERNELS_LIMIT_MIB, or 4096)")
      ->check(CLI::Range(uint64_t{1}, uint64_t{1} << 40U));
  fetch->footer(
      "Kernels are the signed ones for clouds, of Debian 12, 13 and sid. Each is booted once, and\n"
      "kept in SKLAB_KERNELS (default: ~/.cache/sklab/kernels) only if sklab works in it. The "
      "host's\n"
      "own packages are not touched. SKLAB_DEBIAN_MIRROR names another mirror.\n\n"
      "Examples:\n"
      "  sklab kernel fetch 6.1 6.12 7.3\n"
      "  sklab kernel fetch 6.12.95               one release\n"
      "  sklab kernel fetch 6.12 --update\n"
      "  sklab bench --quick --target guest:6.12\n\n" +
      std::string(kExitCodes));
  return fetch;
}

CLI::App *add_add(CLI::App &kernel, KernelCommandOptions &options) {
  CLI::App *add = kernel.add_subcommand("add", "Take in a kernel of your own");
  add->add_option("image", options.image, "The kernel's bzImage, which is called vmlinuz in /boot")
      ->type_name("FILE")
      ->required();
  add->add_option("--name", options.name, "Name (default: its release, as uname -r has it)");
  add->add_option("--modules", options.modules, "Folder of its modules (default: none)")
      ->type_name("FOLDER");
  add->add_option("--vmlinux", options.vmlinux,
                  "The kernel with debug information, for source lines (default: none)")
      ->type_name("FILE")
      ->check(CLI::ExistingFile);
  add->footer(
      "Examples:\n"
      "  sklab kernel add arch/x86/boot/bzImage --name mine\n"
      "  sklab kernel add /boot/vmlinuz-$(uname -r) --modules /lib/modules/$(uname -r)\n\n" +
      std::string(kExitCodes));
  return add;
}

CLI::App *add_build(CLI::App &kernel, KernelCommandOptions &options) {
  CLI::App *build = kernel.add_subcommand("build", "Build a kernel from source");
  build
      ->add_option("--source", options.build.source,
                   "Folder of a kernel's source, or a package of Debian's: linux-source-6.12")
      ->required();
  add_build_options(*build, options.build);
  build->add_option("--name", options.name,
                    "Name (default: its release, with the patches and sanitizers)");
  build->add_flag("--update", options.build.update, "Take a newer version of Debian's package");
  build->footer(
      "The source is copied, patched and built in SKLAB_KERNELS, and never changed itself; the "
      "next\n"
      "build of it compiles what is different. The kernel has what guests need and little else: "
      "about\n"
      "ten minutes for the first build on two CPUs. It replaces one that was built under its "
      "name.\n\n"
      "Examples:\n"
      "  sklab kernel build --source linux-source-6.12 --name base\n"
      "  sklab kernel build --source linux-source-6.12 --patch fix.patch --name fixed\n"
      "  sklab compare --kernel base --kernel fixed --why\n"
      "  sklab kernel build --source ~/linux --make LLVM=1 --name mine\n"
      "  sklab kernel build --source ~/linux --kasan --kcov --preempt\n\n" +
      std::string(kExitCodes));
  return build;
}

CLI::App *add_remove(CLI::App &kernel, KernelCommandOptions &options) {
  CLI::App *remove = kernel.add_subcommand("remove", "Remove kernels");
  remove->add_option("name", options.names, "Names (`sklab kernel list`)");
  remove->add_flag(
      "--builds", options.build_folders,
      "What `sklab kernel build` keeps of sources: the next build takes its full time");
  remove->require_option(1, 0);
  remove->footer("Examples:\n  sklab kernel remove 6.1 mine\n  sklab kernel remove --builds\n\n" +
                 std::string(kExitCodes));
  return remove;
}

}  // namespace

Command add_kernel(CLI::App &app, const std::string & /*command_line*/) {
  const auto options = std::make_shared<KernelCommandOptions>();
  CLI::App *kernel = app.add_subcommand("kernel", "Get kernels that other commands run on");
  kernel->require_subcommand(1);
  const CLI::App *list = add_list(*kernel, *options);
  const CLI::App *fetch = add_fetch(*kernel, *options);
  const CLI::App *add = add_add(*kernel, *options);
  const CLI::App *build = add_build(*kernel, *options);
  add_remove(*kernel, *options);
  kernel->footer(
      "Examples:\n"
      "  sklab kernel fetch 6.12\n"
      "  sklab bench --quick --target guest:6.12\n\n" +
      std::string(kExitCodes));
  return {kernel, [options, list, fetch, add, build] {
            if (list->parsed()) return run_list(*options);
            if (fetch->parsed()) return run_kernel_fetch(*options);
            if (add->parsed()) return run_kernel_add(*options);
            if (build->parsed()) return run_kernel_build(*options);
            return run_remove(*options);
          }};
}

}  // namespace sklab
