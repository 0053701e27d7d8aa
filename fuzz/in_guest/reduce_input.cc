// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/in_guest/reduce_input.h"

#include <algorithm>

namespace sklab {
namespace {

// The input without its first part of so many records, without its second, and so on.
std::vector<std::string> without_each(const std::string &input, size_t part_bytes) {
  std::vector<std::string> candidates;
  for (size_t at = 0; at < input.size(); at += part_bytes) {
    std::string smaller = input;
    smaller.erase(at, part_bytes);
    if (!smaller.empty()) candidates.push_back(std::move(smaller));
  }
  return candidates;
}

}  // namespace

Result<std::string> reduce_input(std::string input, size_t record_bytes, size_t most_guests,
                                 const TryCandidates &attempt) {
  size_t part = (input.size() / record_bytes + 1) / 2;
  for (size_t guests = 0; part > 0 && guests < most_guests; ++guests) {
    const std::vector<std::string> candidates = without_each(input, part * record_bytes);
    if (candidates.empty()) break;
    SKLAB_TRY(const std::optional<size_t> fells, attempt(candidates));
    if (fells) {
      input = candidates[*fells];
      part = std::min(part, (input.size() / record_bytes + 1) / 2);
    } else {
      part /= 2;
    }
  }
  return input;
}

}  // namespace sklab
