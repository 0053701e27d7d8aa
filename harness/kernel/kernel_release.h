// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <compare>
#include <limits>
#include <string>

namespace sklab {

// The first two numbers of uname(2)'s release: of a series of stable kernels all have the same.
struct KernelRelease {
  int version = 0;
  int patch_level = 0;

  // Both 0 for a text that is none.
  static KernelRelease parse(const std::string &release);
  static KernelRelease running();

  auto operator<=>(const KernelRelease &) const = default;
};

// Where something is known to be so. Elsewhere it would be news.
struct KernelReleases {
  KernelRelease first;
  KernelRelease end{std::numeric_limits<int>::max(), 0};  // the first one after them

  [[nodiscard]] bool contain(const KernelRelease &release) const {
    return first <= release && release < end;
  }
  [[nodiscard]] bool contain_the_running_one() const { return contain(KernelRelease::running()); }
};

}  // namespace sklab
