// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "harness/base/result.h"

namespace sklab {

// The whole of a regular, /proc or /sys file. Errors: whatever open(2) or read(2) report.
Result<std::string> read_file(const std::filesystem::path &path);

// As read_file, without trailing white space, and `fallback` when the file cannot be read: for
// facts that a kernel may or may not publish.
std::string read_fact(const std::filesystem::path &path, std::string_view fallback);

// Writes to a temporary file beside `path`, syncs it, and renames it, so that a reader or a crash
// never meets half a file. An existing file is replaced. Errors: read-only or full file system.
Result<> write_file_atomically(const std::filesystem::path &path, std::string_view content);

// Makes the file if it is not there. Errors: whatever open(2) or write(2) report.
Result<> append_to_file(const std::filesystem::path &path, std::string_view content);

}  // namespace sklab
