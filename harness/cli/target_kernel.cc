// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/cli/target_kernel.h"

#include "harness/guest/kernels/kernel_cache.h"

namespace sklab {

Result<GuestKernel> target_kernel(const std::string &name) {
  std::error_code ignored;
  if (name.find('/') != std::string::npos || std::filesystem::is_regular_file(name, ignored)) {
    return GuestKernel{name, name, {}};
  }
  SKLAB_TRY(const std::filesystem::path cache, kernel_cache_folder());
  SKLAB_TRY(OpenKernel open, open_kernel(cache, name));
  return std::move(open.kernel);
}

}  // namespace sklab
