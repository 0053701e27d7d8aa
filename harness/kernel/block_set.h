// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <unordered_set>
#include <utility>
#include <vector>

namespace sklab {

// Which of a kernel's basic blocks have run, from what Kcov::stop() returns.
class BlockSet {
 public:
  void add(std::span<const uint64_t> blocks) {
    for (const uint64_t block : blocks) {
      uint64_t &recent = recent_[block / 2 % kRecentBlocks];
      if (recent == block) continue;
      recent = block;
      if (blocks_.insert(block).second) new_blocks_.push_back(block);
    }
  }

  // Those that ran for the first time since the last call.
  std::vector<uint64_t> take_new() { return std::exchange(new_blocks_, {}); }

 private:
  static constexpr size_t kRecentBlocks = 8192;

  std::unordered_set<uint64_t> blocks_;
  // The same ones run again and again: the last of each of these has been seen already.
  std::vector<uint64_t> recent_ = std::vector<uint64_t>(kRecentBlocks);
  std::vector<uint64_t> new_blocks_;
};

}  // namespace sklab
