// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include "harness/base/result.h"
#include "harness/kernel/features.h"
#include "harness/kernel/netns.h"

namespace sklab {

// Leaves the network namespace that the process was started in, and makes sure that lookups can be
// measured here. Errors: kUnavailable, with all that is missing.
inline Result<> prepare() {
  auto isolated = isolate_process();
  // The features' reason names all that is missing, the isolation's only the first.
  SKLAB_CHECK(require_lookup_features());
  return isolated;
}

}  // namespace sklab
