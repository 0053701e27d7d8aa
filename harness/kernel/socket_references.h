// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <map>
#include <string>

#include "harness/base/result.h"
#include "harness/kernel/netns.h"

namespace sklab {

// By socket, how often the kernel holds a reference to it: the column "ref" of /proc/net/udp and
// its kin. A lookup that leaks one never lets the socket go. Sockets are named by what they are
// bound to, as those files write it, and their inode: "udp 0100007F:1F90 4711".
using SocketReferences = std::map<std::string, unsigned>;

// Of all UDP and TCP sockets of the netns that belong to a process.
Result<SocketReferences> read_socket_references(const Netns &netns);

// Which counts differ, or sockets are in one of them only: "udp 0100007F:1F90 4711: 3, not 2". ""
// if they are the same.
std::string describe_difference(const SocketReferences &before, const SocketReferences &after);

}  // namespace sklab
