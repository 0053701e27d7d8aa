// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include "harness/base/exit_code.h"
#include "harness/cli/fuzz.h"

namespace sklab {

// Where it leaves what it found, unless said otherwise.
inline constexpr char kObjectCampaignFolder[] = "campaign-object";

// `sklab fuzz --object`: the summary goes to stdout, everything else to stderr, a finding into the
// folder.
ExitCode run_object_fuzz(const FuzzOptions &options);

}  // namespace sklab
