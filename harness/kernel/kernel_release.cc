// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/kernel/kernel_release.h"

#include <sys/utsname.h>

#include <cstdio>

namespace sklab {

KernelRelease KernelRelease::parse(const std::string &release) {
  KernelRelease parsed;
  // NOLINTNEXTLINE(cert-err34-c): a number that is too large for an int is no kernel's
  if (std::sscanf(release.c_str(), "%d.%d", &parsed.version, &parsed.patch_level) != 2) return {};
  return parsed;
}

KernelRelease KernelRelease::running() {
  utsname names{};
  if (::uname(&names) != 0) return {};
  return parse(names.release);
}

}  // namespace sklab
