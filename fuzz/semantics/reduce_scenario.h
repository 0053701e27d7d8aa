// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <functional>

#include "harness/model/scenario.h"

namespace sklab {

// The smallest scenario found by leaving out programs, assigns, sockets and flags one after the
// other for which `fails` still holds, as it does for `scenario`. Without any one of what is left
// it does not hold. `fails` is asked about valid scenarios only.
Scenario reduce_scenario(Scenario scenario, const std::function<bool(const Scenario &)> &fails);

}  // namespace sklab
