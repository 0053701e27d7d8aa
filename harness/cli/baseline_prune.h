// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <filesystem>
#include <optional>
#include <vector>

#include "harness/base/exit_code.h"
#include "harness/base/result.h"
#include "harness/record/baseline/baseline_table.h"
#include "harness/record/fingerprint.h"

namespace sklab {

// Which to remove. Those that cannot be used here may well be another machine's, so nothing goes
// unless it is asked for.
struct BaselinePruneOptions {
  bool unusable = false;  // on this machine
  std::optional<double> older_than_days;
  bool dry_run = false;
};

// Every baseline of the folder, with what keeps a gate here from using it.
Result<std::vector<ListedBaseline>> list_baselines(const std::filesystem::path &folder,
                                                   const Fingerprint &here);

// Removes them, and says which. A file that is no baseline at all is left alone. Errors: kUsage if
// nothing was asked for.
ExitCode prune_baselines(const std::filesystem::path &folder, const BaselinePruneOptions &options);

}  // namespace sklab
