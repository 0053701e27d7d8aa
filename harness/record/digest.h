// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <string>
#include <string_view>

#include "harness/base/result.h"

namespace sklab {

// In lower case hexadecimal, as sha256sum prints it.
std::string sha256_hex(std::string_view content);
// As sha1sum prints it.
std::string sha1_hex(std::string_view content);

// The content of a gzip file. Errors: not one, or cut short.
Result<std::string> gunzip(std::string_view compressed);

}  // namespace sklab
