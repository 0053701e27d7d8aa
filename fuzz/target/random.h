// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace sklab {

// SplitMix64 (Steele, Lea, Flood 2014): a few instructions a number and any seed will do, which the
// millions of variations of a second need. The same seed gives the same numbers everywhere.
class FuzzRandom {
 public:
  explicit FuzzRandom(uint64_t seed) : state_(seed) {}

  uint64_t next() {
    state_ += 0x9e3779b97f4a7c15;
    uint64_t mixed = state_;
    mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9;
    mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111eb;
    return mixed ^ (mixed >> 31);
  }
  // The bias of the remainder does not matter here. `limit` is not 0.
  size_t below(size_t limit) { return next() % limit; }
  bool one_in(size_t count) { return below(count) == 0; }

 private:
  uint64_t state_;
};

// FNV-1a: names inputs, and seeds what has to depend on all of their bytes.
inline uint64_t hash_bytes(std::span<const uint8_t> bytes) {
  uint64_t hash = 0xcbf29ce484222325;
  for (const uint8_t byte : bytes) hash = (hash ^ byte) * 0x100000001b3;
  return hash;
}

}  // namespace sklab
