// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <vector>

#include "harness/base/result.h"
#include "harness/kernel/netns.h"
#include "harness/kernel/socket_set.h"
#include "harness/kernel/user_object.h"
#include "harness/model/object_rules.h"
#include "harness/path/scripted_programs.h"

namespace sklab {

// What was seen of some packets, in their order.
struct ObjectBatch {
  std::vector<ObjectObservation> observed;
  uint64_t runs = 0;  // of the program, in the lookups with it
};

// Shows what a user's program makes of packets: lookups by helpers without it and with it attached,
// and test runs of the program by itself. Nothing of it is attached in between. The calling thread
// is in the netns only while it looks up.
class ObjectObserver {
 public:
  // `sockets` are the scenario's, in `netns`.
  static Result<ObjectObserver> create(const Netns &netns, const SocketSet &sockets);

  static constexpr size_t kLargestBatch = 8192;
  // Requires: no more than kLargestBatch packets, and the same netns.
  Result<ObjectBatch> observe(const Netns &netns, const UserObject &object,
                              std::span<const Packet> packets);

 private:
  explicit ObjectObserver(ScriptedPrograms lookups) : lookups_(std::move(lookups)) {}
  Result<std::vector<std::optional<size_t>>> look_up(const Netns &netns,
                                                     std::span<const Packet> packets);
  Result<ProgramAnswer> ask(const UserObject &object, const Packet &packet) const;

  ScriptedPrograms lookups_;  // without a script
  std::map<uint64_t, size_t> sockets_by_cookie_;
};

}  // namespace sklab
