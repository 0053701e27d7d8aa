// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// The sk_lookup programs that rows attach: what each is called, and what the model must know of it.
#pragma once

#include <cstdint>
#include <string_view>

#include "bench/population.h"
#include "harness/model/scenario.h"

namespace sklab {

enum class Steering : uint8_t {
  kNone,     // nothing attached anywhere on the machine: the static key is off
  kForeign,  // nothing here, a program in another netns: the static key is on
  kPass,
  kDrop,
  kAssignSockmap,
  kAssignSockhash,
  kAssignReuseport,
  kAssignNoReuseport,
  kIpRange,
  kPortRange,
  kIpPortRange,
  kSeries,
  kObject,  // the user's program of a group that has one
};

constexpr bool is_attached_here(Steering steering) { return steering > Steering::kForeign; }

// "pass", as in row names.
std::string_view steering_name(Steering steering);

// The script that does to a packet of the row's own traffic what the program does: the range
// programs and the one of the series match all of it.
ScriptedProgram script_of(Steering steering, const Population &population);

}  // namespace sklab
