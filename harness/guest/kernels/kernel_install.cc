// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/guest/kernels/kernel_install.h"

#include <ctime>

#include "harness/base/file.h"
#include "harness/base/staged_folder.h"
#include "harness/base/utc_time.h"
#include "harness/guest/boot_image.h"
#include "harness/guest/kernels/kernel_cache.h"
#include "harness/guest/kernels/kernel_modules.h"
#include "harness/guest/kernels/kernel_trial.h"
#include "harness/record/digest.h"

namespace sklab {
namespace {

namespace fs = std::filesystem;

constexpr char kSpaceHint[] = "free some space, or choose another folder with SKLAB_KERNELS";

class Installation {
 public:
  Installation(const NewKernel &kernel, StagedFolder staged)
      : kernel_(kernel), staged_(std::move(staged)) {
    record_.name = kernel.name;
    record_.origin = kernel.origin;
  }

  // All that a guest boots.
  Result<> stage();
  Result<KernelTrial> try_it(const Progressing &progress);
  Result<InstalledKernel> publish(const fs::path &cache, const KernelTrial &trial);

 private:
  Result<> add(const std::string &file, std::string_view content);
  Result<> add_if_there(const std::string &file, const fs::path &from);
  Result<> stage_modules();

  const NewKernel &kernel_;
  StagedFolder staged_;
  KernelRecord record_;
  uint64_t bytes_ = 0;
};

Result<> Installation::add(const std::string &file, std::string_view content) {
  auto written = write_file_atomically(staged_.path() / file, content);
  if (!written) {
    written.error().hint = kSpaceHint;
    return written;
  }
  record_.sha256[file] = sha256_hex(content);
  bytes_ += content.size();
  return Ok{};
}

Result<> Installation::add_if_there(const std::string &file, const fs::path &from) {
  std::error_code ignored;
  if (from.empty() || !fs::is_regular_file(from, ignored)) return Ok{};
  SKLAB_TRY(const std::string content, read_file(from));
  // Debian has a line in place of its System.map, which says where the real one is.
  if (content.find('\n') + 1 >= content.size()) return Ok{};
  return add(file, content);
}

Result<> Installation::stage_modules() {
  if (kernel_.modules.empty()) return Ok{};
  SKLAB_TRY(const auto modules, find_modules(kernel_.modules, record_.release));
  std::error_code error;
  fs::create_directories(staged_.path() / kTproxyModulesFolder, error);
  if (error) return fail("make folder", kTproxyModulesFolder, error.value(), kSpaceHint);
  for (const KernelModule &module : modules) {
    const char *folder = module.for_tproxy ? kTproxyModulesFolder : kModulesFolder;
    const std::string file = folder + module.name + ".ko";
    SKLAB_CHECK(add(file, module.content));
    record_.modules.push_back(file);
  }
  return Ok{};
}

Result<> Installation::stage() {
  SKLAB_TRY(const std::string image, read_file(kernel_.image));
  SKLAB_TRY(const BootImage found, inspect_boot_image(image, kernel_.image.string()));
  record_.release = found.release;
  record_.version = found.version;
  SKLAB_CHECK(add(kKernelImageFile, image));
  SKLAB_CHECK(add_if_there("config", kernel_.config));
  SKLAB_CHECK(add_if_there("System.map", kernel_.system_map));
  SKLAB_CHECK(add_if_there(kKernelDebugFile, kernel_.vmlinux));
  return stage_modules();
}

Result<KernelTrial> Installation::try_it(const Progressing &progress) {
  GuestKernel guest{kernel_.name, staged_.path() / kKernelImageFile, {}};
  add_modules(staged_.path(), record_, guest);
  // The image's own hash is signed in Debian's lists, and by its keys it knows its modules.
  const auto signatures = kernel_.origin.kind == KernelOriginKind::kDebian
                              ? ModuleSignatures::kRequired
                              : ModuleSignatures::kAny;
  return try_kernel(guest, signatures, progress);
}

Result<InstalledKernel> Installation::publish(const fs::path &cache, const KernelTrial &trial) {
  SKLAB_CHECK(add("boot.log", trial.guest.console));
  SKLAB_CHECK(add("doctor.json", trial.doctor));
  if (record_.release.empty()) record_.release = trial.guest.release;
  record_.added_utc = utc_time(std::time(nullptr));
  const std::string json = kernel_json(record_);
  auto written = write_file_atomically(staged_.path() / kKernelRecordFile, json);
  if (!written) written.error().hint = kSpaceHint;
  SKLAB_CHECK(written);
  UniqueFd old;
  if (kernel_.replace && has_kernel(cache, kernel_.name)) {
    old = try_to_own(cache, kernel_.name);
    if (!old.valid()) {
      return fail_as(ErrorKind::kUnavailable, "replace kernel", kernel_.name, 0,
                     "it is being used; wait until that has ended");
    }
  }
  SKLAB_CHECK(kernel_.replace ? staged_.publish_in_place() : staged_.publish());
  return InstalledKernel{record_, bytes_ + json.size(), trial.guest.started_s,
                         trial.guest.duration_s};
}

}  // namespace

Result<InstalledKernel> install_kernel(const CacheLock & /*lock*/, const fs::path &cache,
                                       const NewKernel &kernel, const Progressing &progress) {
  SKLAB_CHECK(check_kernel_name(kernel.name));
  if (!kernel.replace && has_kernel(cache, kernel.name)) {
    return fail_as(ErrorKind::kUsage, "add kernel", kernel.name, 0,
                   "there is one of that name; remove it first, or choose another with --name");
  }
  auto staged = StagedFolder::create(cache, kernel.name);
  if (!staged) {
    staged.error().hint = kSpaceHint;
    return tl::unexpected(staged.error());
  }
  Installation installation(kernel, std::move(*staged));
  SKLAB_CHECK(installation.stage());
  SKLAB_TRY(const KernelTrial trial, installation.try_it(progress));
  const fs::path log = refused_boot_log(cache, kernel.name);
  std::error_code ignored;
  fs::remove(log, ignored);
  if (auto judged = judge(trial, kernel.name); !judged) {
    if (write_file_atomically(log, trial.guest.console)) {
      judged.error().hint += "; its boot log: " + log.string();
    }
    return tl::unexpected(judged.error());
  }
  return installation.publish(cache, trial);
}

}  // namespace sklab
