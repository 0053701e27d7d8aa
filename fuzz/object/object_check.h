// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/path/object_lab.h"

namespace sklab {

struct ObjectViolation {
  std::string_view what;
  std::string seen;
  std::optional<size_t> packet;  // index, if it is one packet's
};

// Has the lab look all of them up, twice, and applies every rule: answers, runs, the same packet
// the same answer, references. Adds the observations of the first time to `observed`, none
// if a lookup found what is no socket of the scenario.
Result<std::optional<ObjectViolation>> check_object_packets(
    ObjectLab &lab, std::span<const ObjectPacket> packets,
    std::vector<ObjectObservation> &observed);

}  // namespace sklab
