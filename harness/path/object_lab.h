// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <utility>

#include "harness/base/result.h"
#include "harness/kernel/user_object.h"
#include "harness/path/object_observer.h"
#include "harness/path/packet_path.h"

namespace sklab {

// A user's program and its scenario's sockets in a netns, and packets for it on all three paths:
// lookups, test runs, and a wire.
class ObjectLab {
 public:
  // Errors: those of UserObject; kUnavailable for an established socket on ::1, which no wire
  // reaches.
  static Result<ObjectLab> create(ObjectSource source);
  // For lookups and test runs only; any socket can be established. Errors: those of UserObject.
  static Result<ObjectLab> create_without_wire(ObjectSource source);

  // As ObjectObserver's.
  Result<ObjectBatch> observe(std::span<const Packet> packets) {
    return observer_.observe(netns(), object_, packets);
  }

  // Sends the packet, or the few of a TCP handshake, with the program attached. None if it is one
  // that no wire carries, or that is for everybody, or there is no wire.
  Result<std::optional<Delivery>> send(const Packet &packet);

  [[nodiscard]] const ObjectScenario &scenario() const { return scenario_; }
  [[nodiscard]] const Netns &netns() const;

 private:
  struct LocalSockets {
    Netns netns;
    SocketSet sockets;
  };

  ObjectLab(ObjectScenario scenario, UserObject object, ObjectObserver observer)
      : scenario_(std::move(scenario)),
        object_(std::move(object)),
        observer_(std::move(observer)) {}

  ObjectScenario scenario_;
  // Where the sockets are: one of the two.
  std::unique_ptr<PacketPath> path_;
  std::unique_ptr<LocalSockets> local_;
  UserObject object_;
  ObjectObserver observer_;
};

}  // namespace sklab
