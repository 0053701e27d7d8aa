// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <string>

#include "harness/base/unique_fd.h"

namespace sklab {

// What the kernel logs (dmesg) from a moment on.
class KernelLog {
 public:
  // Where /dev/kmsg cannot be read (containers, no root), there is nothing to read later either.
  static KernelLog from_now();

  // The lines since the last call, without their prefixes, up to a few thousand.
  std::string read();

 private:
  explicit KernelLog(UniqueFd fd) : fd_(std::move(fd)) {}

  UniqueFd fd_;
};

}  // namespace sklab
