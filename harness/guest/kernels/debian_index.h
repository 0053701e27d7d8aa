// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Debian's kernels for clouds, as apt-cache lists them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/base/result.h"

namespace sklab {

struct DebianKernel {
  std::string package;  // linux-image-RELEASE
  std::string version;
  std::string release;
  // The package and those that hold the rest of the kernel, all of this version, as far as they are
  // listed.
  std::vector<std::string> packages;
  // Signed packages stay listed longer than those that are not: where in the archive the modules
  // then may still be, from its top; "" if they are in the above.
  std::string unlisted_modules;
};

// Of what `apt-cache show` prints of all cloud packages the signed kernels for clouds: no debug
// symbols, no packages that only depend on the newest.
std::vector<DebianKernel> parse_kernel_packages(std::string_view text);

// The newest that `spec` fits. Errors: kUsage, with the minor versions that there are.
Result<DebianKernel> choose_kernel(const std::vector<DebianKernel> &kernels,
                                   const std::string &spec);

}  // namespace sklab
