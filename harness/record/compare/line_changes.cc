// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/record/compare/line_changes.h"

#include <algorithm>

namespace sklab {
namespace {

bool alike(const LineCount &a, const LineCount &b) {
  return a.file == b.file && a.instructions == b.instructions;
}

struct Alignment {
  std::vector<bool> base;   // whether a line of the base has its like
  std::vector<bool> other;  // likewise
};

// A longest common subsequence, by the table of the lengths of all of its ends.
Alignment align(const std::vector<LineCount> &base, const std::vector<LineCount> &other) {
  std::vector<std::vector<size_t>> longest(base.size() + 1,
                                           std::vector<size_t>(other.size() + 1, 0));
  for (size_t i = base.size(); i-- > 0;) {
    for (size_t k = other.size(); k-- > 0;) {
      longest[i][k] = alike(base[i], other[k]) ? longest[i + 1][k + 1] + 1
                                               : std::max(longest[i + 1][k], longest[i][k + 1]);
    }
  }
  Alignment alignment{std::vector<bool>(base.size()), std::vector<bool>(other.size())};
  for (size_t i = 0, k = 0; i < base.size() && k < other.size();) {
    if (alike(base[i], other[k])) {
      alignment.base[i++] = alignment.other[k++] = true;
    } else if (longest[i + 1][k] >= longest[i][k + 1]) {
      ++i;
    } else {
      ++k;
    }
  }
  return alignment;
}

ChangedLine line_of(const LineCount &line, size_t kernels, double instructions) {
  return {line.file, line.line, std::vector<double>(kernels, instructions)};
}

}  // namespace

std::vector<ChangedLine> changed_lines(const std::vector<std::vector<LineCount>> &kernels) {
  const std::vector<LineCount> &base = kernels.front();
  std::vector<ChangedLine> all;
  all.reserve(base.size());
  for (const LineCount &line : base)
    all.push_back(line_of(line, kernels.size(), line.instructions));
  for (size_t kernel = 1; kernel < kernels.size(); ++kernel) {
    const Alignment alignment = align(base, kernels[kernel]);
    for (size_t i = 0; i < base.size(); ++i) {
      if (!alignment.base[i]) all[i].instructions_per_lookup[kernel] = 0;
    }
    for (size_t k = 0; k < kernels[kernel].size(); ++k) {
      if (alignment.other[k]) continue;
      all.push_back(line_of(kernels[kernel][k], kernels.size(), 0));
      all.back().instructions_per_lookup[kernel] = kernels[kernel][k].instructions;
    }
  }
  std::erase_if(all, [](const ChangedLine &line) {
    const auto &counts = line.instructions_per_lookup;
    return std::all_of(counts.begin(), counts.end(),
                       [&](double count) { return count == counts.front(); });
  });
  return all;
}

}  // namespace sklab
