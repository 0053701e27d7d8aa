// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <vector>

#include "fuzz/semantics/scenario_mutator.h"
#include "fuzz/semantics/scenario_records.h"
#include "fuzz/target/random.h"

namespace sklab {

// What the fuzzer could make up: the same for the same seed.
inline Scenario made_up_scenario(uint64_t seed) {
  constexpr size_t kMostRecords = 100;
  constexpr size_t kMutations = 8;
  FuzzRandom random(seed);
  std::vector<uint8_t> bytes(kMostRecords * kRecordSize);
  size_t size = 0;
  for (size_t i = 0; i < kMutations; ++i) size = mutate_scenario(bytes, size, random.next());
  return decode_scenario(std::span(bytes).first(size));
}

}  // namespace sklab
