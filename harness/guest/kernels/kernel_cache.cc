// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/guest/kernels/kernel_cache.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstring>

#include "harness/base/file.h"
#include "harness/base/staged_folder.h"
#include "harness/record/digest.h"

namespace sklab {
namespace {

namespace fs = std::filesystem;

std::string get_it_again(const KernelRecord &record) {
  switch (record.origin.kind) {
    case KernelOriginKind::kDebian:
      return fmt::format("`sklab kernel fetch {}` gets it again", record.name);
    case KernelOriginKind::kFile:
      return fmt::format("`sklab kernel remove {}`, then add it again", record.name);
    case KernelOriginKind::kBuilt:
      return fmt::format("`sklab kernel build --name {}` makes it again", record.name);
  }
  return "";
}

Result<KernelRecord> read_record(const fs::path &cache, const std::string &name) {
  SKLAB_TRY(const std::string json, read_file(cache / name / kKernelRecordFile));
  SKLAB_TRY(KernelRecord record, parse_kernel_json(json));
  record.name = name;  // the folder may have been given another
  return record;
}

uint64_t size_of(const fs::path &folder) {
  uint64_t bytes = 0;
  std::error_code error;
  for (const auto &entry : fs::recursive_directory_iterator(folder, error)) {
    struct stat status {};
    if (::lstat(entry.path().c_str(), &status) == 0 && S_ISREG(status.st_mode)) {
      bytes += static_cast<uint64_t>(status.st_size);
    }
  }
  return bytes;
}

CachedKernel describe_kernel(const fs::path &cache, const std::string &name) {
  CachedKernel kernel;
  kernel.bytes = size_of(cache / name);
  struct stat status {};
  if (::stat((cache / name / kKernelRecordFile).c_str(), &status) == 0) {
    kernel.used = status.st_mtime;
  }
  auto record = read_record(cache, name);
  if (record) {
    kernel.record = std::move(*record);
  } else {
    kernel.record.name = name;
    kernel.trouble = record.error().message();
  }
  return kernel;
}

// What a guest is made of is as it was when it was added.
Result<> check_content(const fs::path &folder, const KernelRecord &record) {
  std::vector<std::string> files = record.modules;
  files.emplace_back(kKernelImageFile);
  for (const std::string &file : files) {
    const auto content = read_file(folder / file);
    const auto expected = record.sha256.find(file);
    if (content && expected != record.sha256.end() && sha256_hex(*content) == expected->second) {
      continue;
    }
    return fail_as(ErrorKind::kUsage, "use kernel", record.name, 0,
                   fmt::format("its {} is damaged: {}", file, get_it_again(record)));
  }
  return Ok{};
}

UniqueFd lock_folder(const fs::path &folder, int operation) {
  UniqueFd fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (fd.valid() && ::flock(fd.get(), operation) != 0) fd.reset();
  return fd;
}

tl::unexpected<Error> not_there(const std::string &name) {
  return fail_as(ErrorKind::kUsage, "find kernel", name, 0,
                 fmt::format("it is not in the cache: `sklab kernel fetch {}` gets it", name));
}

}  // namespace

Result<std::vector<CachedKernel>> list_kernels(const fs::path &cache) {
  std::vector<CachedKernel> kernels;
  std::error_code error;
  for (const auto &entry : fs::directory_iterator(cache, error)) {
    const std::string name = entry.path().filename().string();
    if (!entry.is_directory(error) || !check_kernel_name(name)) continue;
    kernels.push_back(describe_kernel(cache, name));
  }
  if (error && error != std::errc::no_such_file_or_directory) {
    return fail("list the kernels in", cache.string(), error.value(), kCacheFolderHint);
  }
  std::sort(kernels.begin(), kernels.end(), [](const CachedKernel &a, const CachedKernel &b) {
    // As people count: 6.2 before 6.12.
    return ::strverscmp(a.record.name.c_str(), b.record.name.c_str()) < 0;
  });
  return kernels;
}

bool has_kernel(const fs::path &cache, const std::string &name) {
  std::error_code ignored;
  return fs::exists(cache / name, ignored);
}

Result<OpenKernel> open_kernel(const fs::path &cache, const std::string &name) {
  SKLAB_CHECK(check_kernel_name(name));
  const fs::path folder = cache / name;
  UniqueFd in_use = lock_folder(folder, LOCK_SH);
  if (!in_use.valid() || !has_kernel(cache, name)) return not_there(name);
  auto record = read_record(cache, name);
  if (!record) {
    return fail_as(ErrorKind::kUsage, "use kernel", name, 0,
                   fmt::format("it is damaged: {}", record.error().message()));
  }
  SKLAB_CHECK(check_content(folder, *record));
  ::utimensat(AT_FDCWD, (folder / kKernelRecordFile).c_str(), nullptr, 0);
  OpenKernel open;
  open.record = std::move(*record);
  open.kernel = {name, folder / kKernelImageFile, {}};
  open.kernel.in_use = std::make_shared<const UniqueFd>(std::move(in_use));
  if (open.record.sha256.contains(kKernelDebugFile))
    open.kernel.vmlinux = folder / kKernelDebugFile;
  add_modules(folder, open.record, open.kernel);
  return open;
}

void add_modules(const fs::path &folder, const KernelRecord &record, GuestKernel &kernel) {
  for (const std::string &module : record.modules) {
    const bool tproxy = module.starts_with(kTproxyModulesFolder);
    (tproxy ? kernel.tproxy_modules : kernel.modules).push_back(folder / module);
  }
}

UniqueFd try_to_own(const fs::path &cache, const std::string &name) {
  return lock_folder(cache / name, LOCK_EX | LOCK_NB);
}

Result<> remove_kernel(const CacheLock & /*lock*/, const fs::path &cache, const std::string &name) {
  SKLAB_CHECK(check_kernel_name(name));
  if (!has_kernel(cache, name)) {
    return fail_as(ErrorKind::kUsage, "remove kernel", name, 0,
                   "there is none; `sklab kernel list` shows those that there are");
  }
  const UniqueFd owned = try_to_own(cache, name);
  if (!owned.valid()) {
    return fail_as(ErrorKind::kUnavailable, "remove kernel", name, 0,
                   "it is being used; wait until that has ended");
  }
  return remove_folder(cache, name);
}

fs::path refused_boot_log(const fs::path &cache, const std::string &name) {
  return cache / (name + ".boot.log");
}

}  // namespace sklab
