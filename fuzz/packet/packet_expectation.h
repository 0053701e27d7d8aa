// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "fuzz/packet/reception.h"
#include "harness/model/outcome.h"
#include "harness/model/rules.h"
#include "harness/path/scenario_packet.h"

namespace sklab {

// What may come of a frame: how it is received and, if a socket is looked up for it, which.
struct PacketExpectation {
  Reception reception;
  Outcome outcome;  // of the lookup
};

// The scenario's own packet does not count, the frame's does.
PacketExpectation expect(const Reception &reception, const Scenario &scenario, const Rules &rules);

// What may come of it, and one of them must: where something is only possible, it happens in one
// and does not in another. The first goes the furthest. None at all: anything may come of it.
std::vector<PacketExpectation> alternatives(const PacketExpectation &expected);

// The first thing that the kernel did otherwise; empty when there is none.
std::string find_difference(const PacketExpectation &expected, const FrameObservation &observed);

// What there is to see of one of the alternatives.
struct ArrivalFacts {
  std::vector<uint64_t> run_counts;              // by program
  std::vector<std::vector<int>> assign_results;  // by program
  std::vector<size_t> sockets;                   // that may receive it
  std::optional<bool> is_received;               // whether one does; none: either
  ReceivedKind kind = ReceivedKind::kData;
  std::optional<Reply> reply;  // none: any
};
ArrivalFacts arrival_facts(const PacketExpectation &expected, const Scenario &scenario);
// "a or b", "none".
std::string names_of_receivers(const ArrivalFacts &facts, const Scenario &scenario);

// A fact a line, in the same order: runs and assigns of each program, who received, the reply.
std::string expected_facts(const PacketExpectation &expected, const Scenario &scenario);
std::string observed_facts(const FrameObservation &observed, const Scenario &scenario);

}  // namespace sklab
