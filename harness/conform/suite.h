// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "harness/base/result.h"
#include "harness/conform/case_log.h"
#include "harness/conform/settings.h"

namespace sklab {

// Cases about one subject.
struct ConformGroup {
  const char *name;
  const char *title;
  void (*check)(CaseLog &log, const ConformSettings &settings);
  // Compares with the rules of the settings, which tests replace.
  bool depends_on_rules = true;
};

// All groups, in the order in which they run.
std::span<const ConformGroup> conform_groups();

// The groups whose name the regular expression is found in; all for an empty one.
// Errors: kUsage for an expression that is none, or matches nothing.
Result<std::vector<ConformGroup>> select_conform_groups(const std::string &filter);

// Runs one group. To be called in a process that isolate_process() has moved.
CaseGroupRecord run_group(const ConformGroup &group, const ConformSettings &settings,
                          const std::function<void(const std::string &what)> &progress);

}  // namespace sklab
