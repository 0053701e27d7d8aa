// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/semantics/features.h"

#include <algorithm>
#include <bit>
#include <cstdint>

#include "fuzz/target/feature_counters.h"

namespace sklab {
namespace {

// How the socket relates to the packet: NULL, same or other protocol and family, connected.
uint64_t relation(const Scenario &scenario, const AssignOperation &assign) {
  if (!assign.socket) return 0;
  const SocketSpec &socket = scenario.sockets[*assign.socket];
  return 1 + static_cast<uint64_t>(socket.protocol == scenario.packet.protocol) +
         2 * static_cast<uint64_t>(socket.family == scenario.packet.source.address.family) +
         4 * static_cast<uint64_t>(socket.peer.has_value()) +
         8 * static_cast<uint64_t>(socket.reuseport_group.has_value());
}

// The two named flags, and how high the others go.
uint64_t flag_class(uint64_t flags) {
  return (flags & 3) | static_cast<uint64_t>(std::bit_width(flags >> 2)) << 2;
}

}  // namespace

void note_features(const Scenario &scenario, const Outcome &outcome) {
  const auto dialect = static_cast<uint64_t>(scenario.dialect);
  const auto decided_by = static_cast<uint64_t>(outcome.decided_by);
  note_feature({1, dialect, decided_by, std::min<uint64_t>(scenario.programs.size(), 9),
                std::min<uint64_t>(outcome.sockets.size(), 3)});
  for (size_t i = 0; i < scenario.programs.size(); ++i) {
    const ScriptedProgram &program = scenario.programs[i];
    const auto position = std::min<uint64_t>(i, 3);
    note_feature({2, dialect, position, program.return_code, decided_by});
    for (size_t k = 0; k < outcome.assign_results[i].size(); ++k) {
      const AssignOperation &assign = program.assigns[k];
      note_feature({3, dialect, position, std::min<uint64_t>(k, 2), relation(scenario, assign),
                    flag_class(assign.flags),
                    static_cast<uint64_t>(-outcome.assign_results[i][k])});
    }
  }
}

}  // namespace sklab
