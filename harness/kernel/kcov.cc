// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/kernel/kcov.h"

#include <fcntl.h>
#include <linux/kcov.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

#include <atomic>
#include <cerrno>
#include <utility>

namespace sklab {
namespace {

constexpr const char *kPath = "/sys/kernel/debug/kcov";
constexpr size_t kRecords = 65536;  // the count is one of them
constexpr size_t kBytes = kRecords * sizeof(uint64_t);

std::atomic_ref<uint64_t> count_of(uint64_t *records) { return std::atomic_ref(records[0]); }

}  // namespace

Result<Kcov> Kcov::open() {
  UniqueFd fd(::open(kPath, O_RDWR | O_CLOEXEC));
  if (!fd.valid()) {
    return fail_as(ErrorKind::kUnavailable, "open", kPath, errno,
                   "a kernel with CONFIG_KCOV, debugfs mounted, and root");
  }
  if (::ioctl(fd.get(), KCOV_INIT_TRACE, kRecords) != 0) {
    return fail("set the size of", kPath, errno);
  }
  void *memory = ::mmap(nullptr, kBytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd.get(), 0);
  if (memory == MAP_FAILED) return fail("map", kPath, errno);
  return Kcov(std::move(fd), static_cast<uint64_t *>(memory));
}

Kcov::Kcov(Kcov &&other) noexcept
    : fd_(std::move(other.fd_)), records_(std::exchange(other.records_, nullptr)) {}

Kcov::~Kcov() {
  if (records_ != nullptr) ::munmap(records_, kBytes);
}

Result<> Kcov::enable(unsigned mode) {
  if (::ioctl(fd_.get(), KCOV_ENABLE, mode) != 0) return fail("enable", kPath, errno);
  count_of(records_).store(0, std::memory_order_relaxed);
  return Ok{};
}

uint64_t Kcov::disable() {
  const uint64_t count = count_of(records_).load(std::memory_order_relaxed);
  ::ioctl(fd_.get(), KCOV_DISABLE, 0);
  return count;
}

Result<> Kcov::start() { return enable(KCOV_TRACE_PC); }

std::span<const uint64_t> Kcov::stop() {
  const uint64_t count = disable();
  return {records_ + 1, count};
}

Result<> Kcov::start_comparisons() {
  // The kernel's own ENOTSUPP, which it usually keeps to itself (kcov_get_mode() in kernel/kcov.c).
  constexpr int kNotSupported = 524;
  auto enabled = enable(KCOV_TRACE_CMP);
  if (enabled || enabled.error().error_number != kNotSupported) return enabled;
  return fail_as(ErrorKind::kUnavailable, "record comparisons with", kPath, 0,
                 "a kernel with CONFIG_KCOV_ENABLE_COMPARISONS");
}

std::span<const KcovComparison> Kcov::stop_comparisons() {
  const uint64_t count = disable();
  // Four words each, as write_comp_data() of kernel/kcov.c lays them out.
  return {reinterpret_cast<const KcovComparison *>(records_ + 1), count};
}

}  // namespace sklab
