// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <string_view>

#include "harness/base/result.h"
#include "harness/base/unique_fd.h"

namespace sklab {

// A file below /proc/sys; those of net are the netns's that the thread is in.
inline Result<> write_sysctl(const char *path, std::string_view value) {
  const UniqueFd fd(::open(path, O_WRONLY | O_CLOEXEC));
  if (!fd.valid()) return fail("open", path, errno);
  if (::write(fd.get(), value.data(), value.size()) < 0) return fail("write", path, errno);
  return Ok{};
}

}  // namespace sklab
