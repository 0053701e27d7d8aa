// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Descriptors that threads use, replace and close at the same time.
#pragma once

#include <unistd.h>

#include <array>
#include <atomic>
#include <cstddef>

#include "harness/base/unique_fd.h"

namespace sklab {

// The kernel is to bear that one thread closes what another one uses: a descriptor is borrowed as
// it is, and may be closed, or somebody else's, when it is used. -1 is none.
template <size_t kCount>
class RaceSlots {
 public:
  RaceSlots() {
    for (auto &slot : slots_) slot = -1;
  }
  RaceSlots(const RaceSlots &) = delete;
  RaceSlots &operator=(const RaceSlots &) = delete;
  ~RaceSlots() { clear(); }

  [[nodiscard]] int get(size_t index) const { return slots_[index]; }
  // What was there is closed first or last: both are to be met.
  void put(size_t index, UniqueFd fd) { close(slots_[index].exchange(fd.release())); }
  void clear(size_t index) { close(slots_[index].exchange(-1)); }
  void clear() {
    for (size_t i = 0; i < kCount; ++i) clear(i);
  }

 private:
  static void close(int fd) {
    if (fd >= 0) ::close(fd);
  }

  std::array<std::atomic<int>, kCount> slots_;
};

}  // namespace sklab
