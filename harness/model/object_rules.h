// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// What must hold of any sk_lookup program, whatever it is for: what its own answer makes of the
// plain lookup's, and what its owner expects. Pure: observations come from
// harness/path/object_lab.h.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/model/object_scenario.h"

namespace sklab {

// What the program by itself says of a packet.
struct ProgramAnswer {
  enum class Kind : uint8_t {
    kPass,         // selects nothing
    kSelect,       // `socket`; none if it is none of the scenario's
    kSelectGroup,  // some socket of a reuseport group, which chooses a member
    kDrop,
  };
  Kind kind = Kind::kPass;
  std::optional<size_t> socket;

  bool operator==(const ProgramAnswer &) const = default;
};

// What was seen of one packet. Sockets are indices into the scenario's.
struct ObjectObservation {
  std::optional<size_t> plain;  // what a lookup found with nothing attached
  std::optional<size_t> found;  // and with the program
  ProgramAnswer program;

  bool operator==(const ObjectObservation &) const = default;
};

// Whether the lookup gets as far as the hook: not with a connected socket for the packet.
bool reaches_hook(const ObjectScenario &scenario, const Packet &packet,
                  const ObjectObservation &observed);

// What one rule is asked about.
struct ObjectQuestion {
  const ObjectScenario &scenario;
  const ObjectPacket &packet;
  const ObjectObservation &observed;
};

struct ObjectRule {
  std::string_view name;
  bool (*holds)(const ObjectQuestion &question);
  std::string_view violation;  // what it is that is wrong
};
extern const std::array<ObjectRule, 5> kObjectRules;

// What is wrong where more than one observation of a packet, or more than the packet, is looked at.
inline constexpr std::string_view kUnknownSocketFound =
    "the lookup found a socket that is not listed";
inline constexpr std::string_view kWrongRunCount =
    "the program did not run as often as lookups reach it";
inline constexpr std::string_view kAnswerChanged = "the same packet got another answer";
inline constexpr std::string_view kReferencesLeft = "references to sockets are left over";

// The violations of the rules that do not hold.
std::vector<std::string_view> violations_of(const ObjectQuestion &question);

// One line, with the scenario's names: "socket=web program=web plain=none".
std::string describe(const ObjectObservation &observed, const ObjectScenario &scenario);

}  // namespace sklab
