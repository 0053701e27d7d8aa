// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include "harness/base/result.h"
#include "harness/model/outcome.h"
#include "harness/path/probe.h"

namespace sklab {

// Builds the scenario in a netns of its own, makes one lookup through the probe path, and says what
// the kernel did. Everything is gone again afterwards.
Result<Observation> observe(const Scenario &scenario, Probe &probe);

}  // namespace sklab
