// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// What the subcommands of `sklab kernel` have in common.
#pragma once

#include <CLI/CLI.hpp>
#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/exit_code.h"
#include "harness/guest/build/kernel_build.h"
#include "harness/guest/kernels/kernel_install.h"
#include "harness/measure/progress.h"

namespace sklab {

struct KernelCommandOptions {
  std::vector<std::string> names;
  std::filesystem::path image;
  std::filesystem::path modules;
  std::filesystem::path vmlinux;
  std::string name;
  std::optional<uint64_t> limit_mib;
  bool update = false;
  bool json = false;
  bool build_folders = false;
  KernelBuildOptions build;
};

ExitCode run_kernel_fetch(const KernelCommandOptions &options);
ExitCode run_kernel_add(const KernelCommandOptions &options);
ExitCode run_kernel_build(const KernelCommandOptions &options);

// How long is left is not known; what is being done is.
class KernelProgress {
 public:
  KernelProgress(const std::string &title, double usual_s)
      : progress_(stderr, title, usual_s), usual_s_(usual_s) {}

  void show(std::string_view what) {
    const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start_;
    constexpr double kNotYetAll = 0.99;
    progress_.update(std::min(elapsed.count(), usual_s_ * kNotYetAll), what);
  }
  void finish() { progress_.finish(); }

 private:
  Progress progress_;
  double usual_s_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

// As report_error(), unless the user ended it.
ExitCode report_kernel_error(const Error &error);

// --patch, --config, --make and the like, of a command that builds a kernel.
void add_build_options(CLI::App &command, KernelBuildOptions &options);

// Builds a kernel and takes it into the cache under `name`, or one that is made of its release, the
// patches and the sanitizers. Replaces one that was built, and nothing else. Errors: those of
// build_kernel() and install_kernel().
Result<InstalledKernel> build_and_install(const std::filesystem::path &cache,
                                          const KernelBuildOptions &options, std::string name,
                                          const Progressing &progress);

// What was added, for the user.
std::string installed_line(const InstalledKernel &kernel);

// Says on stderr what has to go for one that was added.
Result<> make_room(const CacheLock &lock, const std::filesystem::path &cache, uint64_t limit_mib,
                   const std::string &added);

// Of packages from a mirror that is near, and a boot in an emulator.
inline constexpr double kUsualKernelS = 40;

}  // namespace sklab
