// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <filesystem>
#include <string>

#include "harness/base/result.h"

namespace sklab {

struct BootImage {
  std::string release;  // as uname -r has it
  std::string version;  // all of the image's own description of itself
};

// Reads the header of a bzImage (Documentation/arch/x86/boot.rst). Errors: kUsage for what is no
// such image, or only a part of one.
Result<BootImage> inspect_boot_image(std::string_view bytes, const std::string &name);
Result<BootImage> inspect_boot_image(const std::filesystem::path &path);

}  // namespace sklab
