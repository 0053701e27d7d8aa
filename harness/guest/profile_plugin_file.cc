// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/guest/profile_plugin_file.h"

#include "harness/guest/initramfs.h"

namespace sklab {

namespace fs = std::filesystem;

// build/PRESET/harness/cli/sklab has build/PRESET/harness/guest, PREFIX/bin/sklab the folder for
// libraries below PREFIX.
Result<fs::path> find_profile_plugin() {
  constexpr char kFile[] = "sklab_profile.so";
  const fs::path own = own_program().parent_path();
  const fs::path built = (own / "../guest" / kFile).lexically_normal();
  const fs::path installed = (own / ".." / SKLAB_LIBRARY_FOLDER / kFile).lexically_normal();
  for (const fs::path &path : {built, installed}) {
    if (fs::exists(path)) return path;
  }
  return fail_as(ErrorKind::kUnavailable, "find plugin", installed.string(), 0,
                 "it is built and installed with sklab");
}

}  // namespace sklab
