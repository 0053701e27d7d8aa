// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// What a kernel is configured with: fragments, the later of which have the last word.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/result.h"

namespace sklab {

// sklab's own: what a guest needs, with what finds errors besides.
std::string own_config(bool kasan, bool kcov);

// Options of `fragment` that `config` does not have as the fragment has them, as the fragment says
// it. An option that is off is also one that `config` does not name.
std::vector<std::string> options_not_taken(std::string_view fragment, std::string_view config);

// The fragments' texts, one after the other. Errors: kUsage for one that cannot be read, or has a
// line that is no option.
Result<std::string> read_fragments(const std::vector<std::filesystem::path> &fragments);

}  // namespace sklab
