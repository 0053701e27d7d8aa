// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// What the emulator's plugin counted, and what follows of it for one lookup.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/result.h"
#include "harness/guest/profile/profile_encoding.h"

namespace sklab {

// What was executed between two marks: only counts that are not zero, by ascending address.
struct ProfileRecord {
  uint64_t sequence = 0;  // from 1
  std::vector<InstructionCount> counts;
};

// Errors: what is no such file, a record that is damaged, out of order or cut off.
Result<std::vector<ProfileRecord>> parse_profile(std::string_view bytes, const std::string &name);
Result<std::vector<ProfileRecord>> read_profile(const std::filesystem::path &path);

struct ResidualCount {
  uint64_t address = 0;
  int64_t difference = 0;  // of all the lookups that were added
  bool operator==(const ResidualCount &) const = default;
};

struct LookupProfile {
  std::vector<InstructionCount> per_lookup;  // exact
  // What is no multiple of the number of lookups: work that is not the lookups' alone.
  std::vector<ResidualCount> residue;
};

// Of a window with some lookups and one with `added` more, which must not be 0: what is executed
// once a window cancels.
LookupProfile profile_per_lookup(const ProfileRecord &fewer, const ProfileRecord &more,
                                 uint64_t added);

}  // namespace sklab
