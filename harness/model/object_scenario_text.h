// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// The text form of an ObjectScenario:
//
//   object 1
//   socket web tcp4 127.0.0.1:8080
//   socket dns udp4 127.0.0.1:5353
//   global strict u32:1
//   entry bindings key u32:56 u8:6 u8:0 be16:80 ip4:192.0.2.0 value u32:1
//   entry sockets key u32:1 socket web
//   may drop
//   packet tcp4 127.0.0.9:4000 -> 192.0.2.7:80 = web
//   packet udp4 127.0.0.9:4000 -> 192.0.2.7:9 = none
//
// '#' starts a comment, blank lines do not count. The first line is the format's version; sockets
// and packets are written as in a scenario (scenario_text.h).
//
// Keys and values are scalars, put together without padding: u8, u16, u32 and u64 in the machine's
// order, be16 and be32 in the network's, ip4 and ip6 addresses, and any bytes as hex:00ff. The
// value "socket NAME" is the socket itself in maps of sockets, and its cookie in all others. A
// global variable is one of .data, .bss or .rodata.
//
// A packet's answer is the name of a socket, whose reuseport group counts as one; "plain", if the
// program is to select nothing and leave it to the rest of the lookup; "none", the same, if there
// is no socket to find; or "drop". Without an answer anything is right but a drop, unless a line
// "may drop" allows that.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "harness/base/result.h"
#include "harness/model/object_scenario.h"

namespace sklab {

// The canonical text: parse_object_scenario(format_object_scenario(s)) == s for every valid s.
std::string format_object_scenario(const ObjectScenario &scenario);
// One packet with its answer: "packet udp4 127.0.0.9:4000 -> 127.0.0.1:53 = dns".
std::string format_object_packet(const ObjectPacket &packet, const ObjectScenario &scenario);

// Errors are of kind kUsage, with object "LINE:COLUMN" (from 1) and what was expected there.
Result<ObjectScenario> parse_object_scenario(std::string_view text);

// How a scalar is written.
struct ScalarName {
  std::string_view name;
  size_t size;  // in bytes; 0 for any
  bool big_endian;
};
// By ScalarType.
inline constexpr std::array<ScalarName, 9> kScalarNames = {{{"u8", 1, false},
                                                            {"u16", 2, false},
                                                            {"u32", 4, false},
                                                            {"u64", 8, false},
                                                            {"be16", 2, true},
                                                            {"be32", 4, true},
                                                            {"ip4", 4, true},
                                                            {"ip6", 16, true},
                                                            {"hex", 0, true}}};

// Answers that are no socket, by ExpectedAnswer::Kind; empty for the others.
inline constexpr std::array<std::string_view, 5> kAnswerNames = {"", "", "plain", "none", "drop"};

}  // namespace sklab
