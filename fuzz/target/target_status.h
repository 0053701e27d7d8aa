// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>

#include "harness/base/result.h"
#include "harness/base/unique_fd.h"

namespace sklab {

// A target's figures, in memory that it shares with who watches it: reading them costs the target
// nothing, and they outlive it. Each is valid by itself, they need not fit together.
struct TargetStatus {
  std::atomic<uint64_t> inputs;          // that were run
  std::atomic<uint64_t> checked;         // FuzzTarget::checked()
  std::atomic<uint64_t> kernel_ns;       // FuzzTarget::kernel_ns()
  std::atomic<uint64_t> known_findings;  // that did not end the run
};
static_assert(std::atomic<uint64_t>::is_always_lock_free, "it is shared between processes");

// A TargetStatus in a file.
class SharedStatus {
 public:
  // In memory only, all zero, for a child to inherit. Errors: no memory.
  static Result<SharedStatus> create();
  // What is in `path`, which may be /proc/self/fd/N; made where it is missing. Errors: what the
  // file system reports.
  static Result<SharedStatus> open(const std::filesystem::path &path);
  SharedStatus(SharedStatus &&other) noexcept;
  SharedStatus &operator=(SharedStatus &&other) noexcept;
  ~SharedStatus();

  TargetStatus &operator*() const { return *status_; }
  TargetStatus *operator->() const { return status_; }
  // Borrowed, close-on-exec.
  [[nodiscard]] int fd() const { return fd_.get(); }

 private:
  SharedStatus(UniqueFd fd, TargetStatus *status) : fd_(std::move(fd)), status_(status) {}
  static Result<SharedStatus> map(UniqueFd fd);

  UniqueFd fd_;
  TargetStatus *status_;  // mapped, owned
};

}  // namespace sklab
