// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace sklab {

// Empties the calling CPU's caches of everything else by writing to all of a large buffer. There is
// no unprivileged instruction for that which also reaches the kernel's memory.
class CacheEviction {
 public:
  static constexpr size_t kLineBytes = 64;  // of x86 and of almost every arm64

  struct alignas(kLineBytes) Line {
    uint64_t evictions = 0;  // that wrote to this line
  };

  // `bytes`, rounded up to whole lines, should be twice the cache or more: replacement is not
  // strictly by age. All pages are mapped here, so that evict() does not fault.
  explicit CacheEviction(size_t bytes) : lines_((bytes + kLineBytes - 1) / kLineBytes) {}

  // Writes to every line.
  void evict();

  [[nodiscard]] size_t bytes() const { return lines_.size() * kLineBytes; }
  [[nodiscard]] const std::vector<Line> &lines() const { return lines_; }

 private:
  std::vector<Line> lines_;
};

}  // namespace sklab
