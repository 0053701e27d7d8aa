// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// What this kernel and process can do, found out by trying: versions say little about backports,
// configurations and sandboxes.
#pragma once

#include <string>
#include <vector>

#include "harness/base/result.h"

namespace sklab {

enum class FeatureStatus : unsigned char { kYes, kNo, kUnknown };

struct Feature {
  std::string name;
  FeatureStatus status = FeatureStatus::kUnknown;
  std::string detail;      // what was found
  std::string enables;     // what sklab does with it
  std::string how_to_get;  // what to do when it is missing
};

// Tries everything, in the order in which doctor shows it. Works without any privilege.
std::vector<Feature> probe_features();

// Whether lookups can be measured and checked here: capabilities, the hook, TEST_RUN. To be called
// after isolate_process(). Errors are of kind kUnavailable and say in one line what is missing.
Result<> require_lookup_features();

}  // namespace sklab
