// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Which of a kernel's code has run, as a file that grows from run to run.
#pragma once

#include <cstdint>
#include <filesystem>
#include <set>
#include <string>

#include "harness/base/result.h"
#include "harness/record/fingerprint.h"

namespace sklab {

struct KernelBlocks {
  std::string kernel_release;
  std::string kernel_version;
  std::string kernel_btf_sha256;  // of another build addresses mean other code
  std::set<uint64_t> blocks;      // addresses behind the calls of __sanitizer_cov_trace_pc()

  bool operator==(const KernelBlocks &) const = default;
};

// Its name in the folder of a run.
inline constexpr char kKernelBlocksFile[] = "kernel_blocks.json";

// Where a campaign keeps those of a kernel of this name.
std::filesystem::path kernel_blocks_path(const std::filesystem::path &campaign,
                                         const std::string &kernel);

// Errors: no such file, or it is none of these.
Result<KernelBlocks> read_kernel_blocks(const std::filesystem::path &path);

// Adds `more`, which came from `path`, to `blocks`. Errors: kUsage for another build's.
Result<> merge_kernel_blocks(KernelBlocks &blocks, const KernelBlocks &more,
                             const std::filesystem::path &path);

std::string kernel_blocks_json(const Fingerprint &kernel, const std::set<uint64_t> &blocks);

// Adds what ran to those in the file; those of another build are replaced. Errors: what writing
// reports.
Result<> add_kernel_blocks(const std::filesystem::path &path, const Fingerprint &kernel,
                           const std::set<uint64_t> &blocks);

}  // namespace sklab
