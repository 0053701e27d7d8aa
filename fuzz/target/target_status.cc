// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/target/target_status.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

namespace sklab {

Result<SharedStatus> SharedStatus::map(UniqueFd fd) {
  // Without its blocks a full file system would show as SIGBUS, later.
  const int error_number = ::posix_fallocate(fd.get(), 0, sizeof(TargetStatus));
  if (error_number != 0) return fail("allocate the figures of a fuzzer", {}, error_number);
  void *memory =
      ::mmap(nullptr, sizeof(TargetStatus), PROT_READ | PROT_WRITE, MAP_SHARED, fd.get(), 0);
  if (memory == MAP_FAILED) return fail("map the figures of a fuzzer", {}, errno);
  // All zeros, as new files are, are four atomics of value 0.
  return SharedStatus(std::move(fd), static_cast<TargetStatus *>(memory));
}

Result<SharedStatus> SharedStatus::create() {
  UniqueFd fd(::memfd_create("sklab_status", MFD_CLOEXEC));
  if (!fd.valid()) return fail("make shared memory", {}, errno);
  return map(std::move(fd));
}

Result<SharedStatus> SharedStatus::open(const std::filesystem::path &path) {
  UniqueFd fd(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644));
  if (!fd.valid()) return fail("open", path.string(), errno);
  return map(std::move(fd));
}

SharedStatus::SharedStatus(SharedStatus &&other) noexcept
    : fd_(std::move(other.fd_)), status_(std::exchange(other.status_, nullptr)) {}

SharedStatus &SharedStatus::operator=(SharedStatus &&other) noexcept {
  std::swap(fd_, other.fd_);
  std::swap(status_, other.status_);
  return *this;
}

SharedStatus::~SharedStatus() {
  if (status_ != nullptr) ::munmap(status_, sizeof(TargetStatus));
}

}  // namespace sklab
