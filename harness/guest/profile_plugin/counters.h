// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <unordered_map>
#include <vector>

#include "harness/guest/profile/profile_encoding.h"

namespace sklab {

// A counter for every address of code. Translated code holds pointers to them, and the emulator
// does not say when it forgets a translation: counters neither move nor go, and all translations of
// an address, of whatever was there, add to the same.
class Counters {
 public:
  uint64_t *at(uint64_t address) {
    uint64_t *&counter = by_address_[address];
    if (counter == nullptr) counter = add(address);
    return counter;
  }

  void clear() {
    for (const auto &block : blocks_) block->counts.fill(0);
  }

  // All that are not zero, by address.
  [[nodiscard]] std::vector<InstructionCount> counted() const {
    std::vector<InstructionCount> found;
    for (const auto &block : blocks_) {
      for (size_t i = 0; i < kBlockSize; ++i) {
        if (block->counts[i] != 0) found.push_back({block->addresses[i], block->counts[i]});
      }
    }
    std::sort(found.begin(), found.end(),
              [](const auto &left, const auto &right) { return left.address < right.address; });
    return found;
  }

 private:
  static constexpr size_t kBlockSize = 4096;
  // Apart, so that counters of neighbouring instructions share cache lines.
  struct Block {
    std::array<uint64_t, kBlockSize> counts{};
    std::array<uint64_t, kBlockSize> addresses{};
  };

  uint64_t *add(uint64_t address) {
    if (used_ == kBlockSize) {
      blocks_.push_back(std::make_unique<Block>());
      used_ = 0;
    }
    blocks_.back()->addresses[used_] = address;
    return &blocks_.back()->counts[used_++];
  }

  std::vector<std::unique_ptr<Block>> blocks_;
  size_t used_ = kBlockSize;  // of the last block
  std::unordered_map<uint64_t, uint64_t *> by_address_;
};

}  // namespace sklab
