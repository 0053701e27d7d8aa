// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Which of a kernel's code has run, as a file that grows from run to run.
#pragma once

#include <cstdint>
#include <filesystem>
#include <set>

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

// Errors: no such file, or it is none of these.
Result<KernelBlocks> read_kernel_blocks(const std::filesystem::path &path);

// Adds what ran to those in the file; those of another build are replaced. Errors: what writing
// reports.
Result<> add_kernel_blocks(const std::filesystem::path &path, const Fingerprint &kernel,
                           const std::set<uint64_t> &blocks);

}  // namespace sklab
