// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// A netns's own counts of packets, by the names that the kernel gives them.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "harness/base/result.h"

namespace sklab {

// "UdpNoPorts", "TcpExtSyncookiesSent", "Ip6InReceives", as nstat prints them.
using NetworkCounters = std::map<std::string, uint64_t, std::less<>>;

// The text of /proc/net/snmp or /proc/net/netstat: pairs of lines, names and values.
// The rest of what is not understood is left out: counters can be less than 0 (TcpMaxConn).
NetworkCounters parse_network_counters(std::string_view text);

// The text of /proc/net/snmp6: a name and a value a line.
NetworkCounters parse_network_counters6(std::string_view text);

// Of the netns that the calling thread is in.
Result<NetworkCounters> read_network_counters();

}  // namespace sklab
