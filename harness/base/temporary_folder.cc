// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/base/temporary_folder.h"

#include <cerrno>
#include <cstdlib>

namespace sklab {

Result<TemporaryFolder> TemporaryFolder::create(const std::string &prefix) {
  std::error_code error;
  const auto parent = std::filesystem::temp_directory_path(error);
  if (error) return fail("find the folder for temporary files", "", error.value(), "see TMPDIR");
  std::string path = (parent / (prefix + ".XXXXXX")).string();
  if (::mkdtemp(path.data()) == nullptr) return fail("make folder", path, errno, "see TMPDIR");
  return TemporaryFolder(path);
}

TemporaryFolder::~TemporaryFolder() {
  if (path_.empty()) return;
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace sklab
