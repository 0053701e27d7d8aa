// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/coverage/line_coverage.h"

#include <algorithm>

namespace sklab {
namespace {

// A call's own instruction belongs to its block, and ends where it returns to.
constexpr uint64_t kCallBytes = 5;

const CodeRange *range_of(const std::vector<CodeRange> &ranges, uint64_t address) {
  for (const CodeRange &range : ranges) {
    if (address >= range.begin && address < range.end) return &range;
  }
  return nullptr;
}

// The calls whose blocks these instructions are of.
std::vector<uint64_t> blocks_of(const CodeRow &row, const CodeRange &range,
                                const std::vector<uint64_t> &calls) {
  const auto first = std::upper_bound(calls.begin(), calls.end(), range.begin);
  const auto last = std::upper_bound(calls.begin(), calls.end(), range.end);
  if (first == last) return {};
  // Calls that begin in the row.
  auto begin = std::lower_bound(first, last, row.begin + kCallBytes);
  const auto end = std::lower_bound(first, last, row.end + kCallBytes);
  const bool begins_with_call = begin != last && *begin == row.begin + kCallBytes;
  if (!begins_with_call && begin != first) --begin;
  if (begin == end) return {*first};
  return {begin, end};
}

}  // namespace

bool are_blocks_of(const std::set<uint64_t> &ran, const CodeOfFiles &code,
                   const std::vector<uint64_t> &calls) {
  constexpr size_t kMostOthers = 10;  // one in so many
  size_t inside = 0;
  size_t others = 0;
  for (const uint64_t block : ran) {
    // It returns to what follows the call, which may be the end.
    if (range_of(code.ranges, block - 1) == nullptr) continue;
    ++inside;
    others += std::binary_search(calls.begin(), calls.end(), block) ? 0 : 1;
  }
  return inside > 0 && others * kMostOthers <= inside;
}

LineCoverage line_coverage(const CodeOfFiles &code, const std::vector<uint64_t> &calls,
                           const std::set<uint64_t> &ran) {
  LineCoverage coverage;
  for (const CodeRow &row : code.rows) {
    const CodeRange *range = range_of(code.ranges, row.begin);
    if (range == nullptr) continue;
    const std::vector<uint64_t> blocks = blocks_of(row, *range, calls);
    if (blocks.empty()) continue;
    LineState &state = coverage[row.file][row.line];
    state.functions.insert(row.function);
    state.has_run |= std::any_of(blocks.begin(), blocks.end(),
                                 [&](uint64_t block) { return ran.contains(block); });
  }
  return coverage;
}

}  // namespace sklab
