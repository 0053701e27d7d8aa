// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// A Scenario says which sockets exist, which programs are attached in which order, and which packet
// arrives. It is what tests, benchmarks and fuzzing have in common. Its text form is in
// scenario_text.h, what the kernel makes of it is in model.h.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/model/address.h"
#include "harness/model/dialect.h"

namespace sklab {

enum class Protocol : uint8_t { kTcp, kUdp };

// Flags of bpf_sk_assign in a sk_lookup program, from include/uapi/linux/bpf.h.
inline constexpr uint64_t kAssignReplace = 1;
inline constexpr uint64_t kAssignNoReuseport = 2;

// One socket of the population.
struct SocketSpec {
  std::string name;  // unique in the scenario: [A-Za-z_][A-Za-z0-9_]*
  Protocol protocol = Protocol::kUdp;
  // The socket's own family: an IPv6 socket may have a v4-mapped or wildcard local address.
  Family family = Family::kIpv4;
  Endpoint local;
  // Connected UDP, or one side of an established TCP connection. Without it a UDP socket is
  // unconnected and a TCP socket listens.
  std::optional<Endpoint> peer;
  bool v6_only = false;
  // Sockets of the same group are bound to the same endpoint with SO_REUSEPORT.
  std::optional<unsigned> reuseport_group;

  bool operator==(const SocketSpec &) const = default;
};

// One call of bpf_sk_assign.
struct AssignOperation {
  std::optional<size_t> socket;  // index into Scenario::sockets; none is a NULL socket
  uint64_t flags = 0;

  bool operator==(const AssignOperation &) const = default;
};

// What one attached program does: its assigns in order, then a return code.
struct ScriptedProgram {
  std::vector<AssignOperation> assigns;
  uint32_t return_code = kSkPass;

  bool operator==(const ScriptedProgram &) const = default;
};

// A SK_REUSEPORT program of a group, which chooses the member that a packet goes to.
struct ReuseportProgram {
  enum class Action : uint8_t {
    kPass,    // chooses none: the kernel's hash does
    kDrop,    // refuses the packet
    kSelect,  // chooses `socket`; when that is not of the group, the kernel's hash chooses
  };
  unsigned group = 0;
  Action action = Action::kPass;
  size_t socket = 0;  // index into Scenario::sockets

  bool operator==(const ReuseportProgram &) const = default;
};

// The packet whose socket is looked up; its family is that of its addresses.
struct Packet {
  Protocol protocol = Protocol::kUdp;
  Endpoint source;
  Endpoint destination;

  bool operator==(const Packet &) const = default;
};

struct Scenario {
  Dialect dialect = Dialect::kPassDrop;
  ReturnCodes codes;  // of the older dialects
  std::vector<SocketSpec> sockets;
  std::vector<ReuseportProgram> reuseport_programs;
  std::vector<ScriptedProgram> programs;  // in attach order
  Packet packet;

  bool operator==(const Scenario &) const = default;
};

}  // namespace sklab
