// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Bugs that the hook's code had, as changes that bring them back: what finds bugs has to find
// these.
#pragma once

#include <vector>

#include "harness/guest/build/source_change.h"

namespace sklab {

struct KnownBug {
  SourceChange change;
  const char *history;
};

const std::vector<KnownBug> &known_bugs();

}  // namespace sklab
