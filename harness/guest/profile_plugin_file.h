// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <filesystem>

#include "harness/base/result.h"

namespace sklab {

// Where the emulator's plugin is that counts instructions, in the build tree of this program or
// installed with it. Errors: kUnavailable.
Result<std::filesystem::path> find_profile_plugin();

}  // namespace sklab
