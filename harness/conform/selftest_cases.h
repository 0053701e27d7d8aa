// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Cases of the kernel's tools/testing/selftests/bpf/prog_tests/sk_lookup.c that are scenarios,
// under the names they have there. Each says what that file leaves open, too: which socket
// receives, and that a drop really refuses. `UDP IPv6 drop on lookup` listens at the port that it
// sends to, which the original does not, and `UDP IPv6 drop on reuseport` is there, in whose place
// the original has the TCP case twice.
#pragma once

#include <span>
#include <string>

namespace sklab {

struct SelftestCase {
  const char *name;
  std::string sockets;   // as a scenario's text has them
  std::string programs;  // as a scenario's text has them
  const char *packet;
  const char *expected;  // the name of the socket that receives the packet, or "refused"
};

std::span<const SelftestCase> selftest_cases();

}  // namespace sklab
