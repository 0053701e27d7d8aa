// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/record/kernel_blocks.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "harness/base/file.h"

namespace sklab {

std::filesystem::path kernel_blocks_path(const std::filesystem::path &campaign,
                                         const std::string &kernel) {
  return campaign / "coverage" / (std::filesystem::path(kernel).filename().string() + ".json");
}

Result<KernelBlocks> read_kernel_blocks(const std::filesystem::path &path) {
  SKLAB_TRY(const std::string text, read_file(path));
  KernelBlocks read;
  try {
    const auto json = nlohmann::json::parse(text);
    read.kernel_release = json.at("kernel_release");
    read.kernel_version = json.at("kernel_version");
    read.kernel_btf_sha256 = json.at("kernel_btf_sha256");
    for (const std::string block : json.at("blocks")) {
      read.blocks.insert(std::stoull(block, nullptr, 16));
    }
  } catch (const std::exception &) {
    return fail_as(ErrorKind::kUsage, "read coverage", path.string(), 0, "it is none of sklab's");
  }
  return read;
}

Result<> merge_kernel_blocks(KernelBlocks &blocks, const KernelBlocks &more,
                             const std::filesystem::path &path) {
  if (blocks.blocks.empty()) {
    blocks = more;
    return Ok{};
  }
  if (more.kernel_version != blocks.kernel_version ||
      more.kernel_btf_sha256 != blocks.kernel_btf_sha256) {
    return fail_as(ErrorKind::kUsage, "add coverage of", path.string(), 0,
                   "it is another build's than the rest");
  }
  blocks.blocks.insert(more.blocks.begin(), more.blocks.end());
  return Ok{};
}

std::string kernel_blocks_json(const Fingerprint &kernel, const std::set<uint64_t> &blocks) {
  nlohmann::ordered_json json = {{"kernel_release", kernel.kernel_release},
                                 {"kernel_version", kernel.kernel_version},
                                 {"kernel_btf_sha256", kernel.kernel_btf_sha256},
                                 {"blocks", nlohmann::ordered_json::array()}};
  for (const uint64_t block : blocks) json["blocks"].push_back(fmt::format("{:x}", block));
  return json.dump(0) + "\n";
}

Result<> add_kernel_blocks(const std::filesystem::path &path, const Fingerprint &kernel,
                           const std::set<uint64_t> &blocks) {
  std::set<uint64_t> all = blocks;
  const auto before = read_kernel_blocks(path);
  if (before && before->kernel_btf_sha256 == kernel.kernel_btf_sha256 &&
      before->kernel_version == kernel.kernel_version) {
    all.insert(before->blocks.begin(), before->blocks.end());
  }
  std::error_code error;
  std::filesystem::create_directories(path.parent_path(), error);
  return write_file_atomically(path, kernel_blocks_json(kernel, all));
}

}  // namespace sklab
