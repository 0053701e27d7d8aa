// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// What is known of a kernel in the cache: kernel.json in its folder.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/result.h"

namespace sklab {

inline constexpr int kKernelSchemaVersion = 1;

// Files of a kernel's folder, besides those in modules/. Of these, some are for commands that make
// rules of TPROXY.
inline constexpr char kModulesFolder[] = "modules/";
inline constexpr char kTproxyModulesFolder[] = "modules/tproxy/";
inline constexpr char kKernelImageFile[] = "bzImage";
inline constexpr char kKernelDebugFile[] = "vmlinux";  // if there is one
inline constexpr char kKernelRecordFile[] = "kernel.json";

enum class KernelOriginKind : uint8_t {
  kDebian,  // fetched, and can be fetched again
  kFile,    // the user's own
  kBuilt,   // from source, by sklab
};

struct KernelOrigin {
  KernelOriginKind kind = KernelOriginKind::kFile;
  std::string package;          // "" for a file; of a build its source, as the user named it
  std::string package_version;  // of a build the first digits of its git tree's name

  // "Debian 6.12.117-1", "file", "linux-source-6.12 6.12.117-1, tree 3b18e512dba7".
  [[nodiscard]] std::string text() const;
};

struct KernelRecord {
  std::string name;
  std::string release;  // as uname -r has it
  std::string version;  // the image's own description of itself
  KernelOrigin origin;
  std::map<std::string, std::string> sha256;  // of each file, by its path in the folder
  std::vector<std::string> modules;           // paths in the folder, in the order to load them
  std::string added_utc;
};

std::string kernel_json(const KernelRecord &record);
// Errors: kUsage for another schema version, or text that kernel_json() does not make.
Result<KernelRecord> parse_kernel_json(std::string_view text);

// Errors: kUsage for a name that no folder in the cache can have.
Result<> check_kernel_name(const std::string &name);

}  // namespace sklab
