// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// An ObjectScenario is what the owner of a BPF object says of its sk_lookup program: the sockets
// and map entries that it works with, and which answers packets are to get. Its text form is in
// object_scenario_text.h, what must hold of any program is in object_rules.h.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/model/scenario.h"

namespace sklab {

// In the order of kScalarNames (object_scenario_text.cc).
enum class ScalarType : uint8_t { kU8, kU16, kU32, kU64, kBe16, kBe32, kIp4, kIp6, kHex };

// A part of a key or a value, as it stands in memory.
struct Scalar {
  ScalarType type = ScalarType::kU32;
  std::vector<uint8_t> bytes;

  bool operator==(const Scalar &) const = default;
};

// One after the other, without padding.
std::vector<uint8_t> bytes_of(const std::vector<Scalar> &scalars);

// Where something stands in the text it was read from, from 1; 0 is nowhere. It makes no difference
// between two scenarios.
struct SourceLine {
  size_t number = 0;

  bool operator==(const SourceLine & /*other*/) const { return true; }
};

struct MapEntry {
  std::string map;
  std::vector<Scalar> key;
  std::vector<Scalar> value;     // unless it is a socket
  std::optional<size_t> socket;  // index into ObjectScenario::sockets
  SourceLine line;

  bool operator==(const MapEntry &) const = default;
};

// What a global variable of the object is to be before it is loaded.
struct GlobalVariable {
  std::string name;
  std::vector<Scalar> value;
  SourceLine line;

  bool operator==(const GlobalVariable &) const = default;
};

// What a packet is to get.
struct ExpectedAnswer {
  enum class Kind : uint8_t {
    kAnything,
    kSocket,  // this one, or another of its reuseport group
    kPlain,   // the program selects nothing, and the lookup goes on as without it
    kNone,    // the same, and there is no socket
    kDrop,    // the program drops it
  };
  Kind kind = Kind::kAnything;
  size_t socket = 0;  // of kSocket: index into ObjectScenario::sockets

  bool operator==(const ExpectedAnswer &) const = default;
};

struct ObjectPacket {
  Packet packet;
  ExpectedAnswer expected;
  SourceLine line;

  bool operator==(const ObjectPacket &) const = default;
};

struct ObjectScenario {
  std::vector<SocketSpec> sockets;
  std::vector<GlobalVariable> globals;
  std::vector<MapEntry> entries;
  bool may_drop = false;  // packets of which nothing is expected
  std::vector<ObjectPacket> packets;

  bool operator==(const ObjectScenario &) const = default;
};

}  // namespace sklab
