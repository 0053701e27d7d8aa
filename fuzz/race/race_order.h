// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Whether calls that were made at the same time have results that some order of them explains.
#pragma once

#include <string>
#include <vector>

#include "fuzz/race/race_plan.h"
#include "harness/model/link_rules.h"

namespace sklab {

enum class RaceOrder {
  kFound,
  kNone,     // a finding
  kUnknown,  // so many orders are possible that not all of them were tried
};

// `events` are those of each thread, of a plan in which links alone change. A call that reads more
// than one thing reads them one after the other (the kernel holds no lock over them): a link's
// program and whether it is attached; which links a netns has, and then each link's program. An
// update changes first what lookups run, and then what the link itself says (bpf_netns_link_
// update_prog); between both only what takes no lock can look.
RaceOrder find_race_order(const RacePlan &plan, const std::vector<std::vector<RaceEvent>> &events,
                          const LinkRules &rules = kernel_link_rules());

}  // namespace sklab
