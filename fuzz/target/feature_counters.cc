// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/target/feature_counters.h"

#include <bit>
#include <cstddef>

namespace sklab {
namespace {

constexpr size_t kCounters = 32768;
// libFuzzer looks for this section, and clears it before every input.
__attribute__((section("__libfuzzer_extra_counters"))) uint8_t counters[kCounters];

bool features_enabled = true;

void count(std::initializer_list<uint64_t> feature) {
  uint64_t hash = 0xcbf29ce484222325;
  for (const uint64_t part : feature) hash = (hash ^ part) * 0x100000001b3;
  uint8_t &counter = counters[(hash >> 20) % kCounters];
  if (counter < UINT8_MAX) ++counter;
}

}  // namespace

void note_feature(std::initializer_list<uint64_t> feature) {
  if (features_enabled) count(feature);
}

void note_kernel_block(uint64_t address) {
  constexpr uint64_t kKind = 0x6b636f76;
  count({kKind, address});
}

void note_kernel_comparison(uint64_t address, uint64_t left, uint64_t right) {
  constexpr uint64_t kKind = 0x636d7020;
  // The highest bit in which they differ: nearer is new, and so is the same.
  count({kKind, address, static_cast<uint64_t>(std::bit_width(left ^ right))});
}

void enable_features(bool enabled) { features_enabled = enabled; }

}  // namespace sklab
