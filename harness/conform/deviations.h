// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <span>

#include "harness/record/case_record.h"

namespace sklab {

// How some kernels are known to differ from the rules.
struct Deviation {
  const char *reason;  // with the change that made the difference, or where the kernel is wrong
  const char *cases;   // a regular expression that all of "group/case" matches
  bool (*present)();   // probes this kernel
};

std::span<const Deviation> known_deviations();

// One of these by itself: whether maps take UDP sockets that are not bound.
bool maps_unbound_udp_sockets();

// Mismatches that a deviation of this kernel explains become expected to fail; a case that could
// not be run stays failed.
void excuse_known_deviations(CaseGroupRecord &group,
                             std::span<const Deviation> deviations = known_deviations());

}  // namespace sklab
