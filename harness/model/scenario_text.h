// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// The text form of a Scenario, printed in every failure and read back to replay it:
//
//   scenario 1
//   dialect pass_drop
//   socket a udp4 127.0.0.1:7007
//   socket b udp6 [::]:8008 v6only reuseport=1
//   socket c tcp4 127.0.0.1:80 peer=127.0.0.9:4000
//   program assign a; assign b replace no_reuseport; assign null flags=0x10; pass
//   program drop
//   reuseport 1 select b
//   packet udp4 127.0.0.9:4000 -> 127.0.0.1:7007
//
// '#' starts a comment, blank lines do not count. The first line is the format's version. Flags are
// written by name; bits without a name as flags=NUMBER.
//
// Dialects are pass_drop, ok_drop and redirect. Return codes are written by what they ask for: pass
// (which the older dialects call OK), drop, in the dialect `redirect` also redirect, or as
// return=NUMBER. The older dialects may have other values than "ok=0 drop=2 redirect=7" on their
// line; of two that are equal the first in that order counts. The program of a reuseport group is
// "reuseport GROUP pass", "drop" or "select SOCKET".
#pragma once

#include <string>
#include <string_view>

#include "harness/base/result.h"
#include "harness/model/scenario.h"

namespace sklab {

// The canonical text: parse_scenario(format_scenario(s)) == s for every valid s.
std::string format_scenario(const Scenario &scenario);
// Parts of it: "assign a; assign b replace; pass", and one of its assigns.
std::string format_program(const ScriptedProgram &program, const Scenario &scenario);
std::string format_assign(const AssignOperation &assign, const Scenario &scenario);

// Errors are of kind kUsage, with object "LINE:COLUMN" (from 1) and what was expected there.
Result<Scenario> parse_scenario(std::string_view text);

// What makes a scenario contradictory, checked by parse_scenario and for scenarios built in code:
// duplicate socket names, sockets that
// cannot be bound at the same time, families that do not fit, a v4 address in an IPv4-only place,
// reuseport groups whose members differ, more than 64 programs, return codes that the dialect does
// not have, a packet that mixes families.
Result<> validate_scenario(const Scenario &scenario);

}  // namespace sklab
