// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "harness/base/result.h"
#include "harness/kernel/bpf_stats.h"
#include "harness/kernel/netns_link.h"
#include "harness/kernel/user_object.h"
#include "harness/model/object_rules.h"
#include "harness/path/packet_path.h"
#include "harness/path/scripted_programs.h"

namespace sklab {

// What was seen of some packets, in their order.
struct ObjectBatch {
  std::vector<ObjectObservation> observed;
  uint64_t runs = 0;  // of the program, in the lookups with it
};

// A user's program and its scenario's sockets in a netns, and packets for it on all three paths:
// lookups by helpers with the program attached and without, test runs of the program by itself, and
// a wire. The calling thread enters the netns only while it looks up.
class ObjectLab {
 public:
  // Errors: those of UserObject; kUnavailable for an established socket on ::1, which no wire
  // reaches.
  static Result<ObjectLab> create(ObjectSource source);

  static constexpr size_t kLargestBatch = 8192;
  // Looks every packet up without the program and with it, and has the program run by itself.
  // Requires: no more than kLargestBatch packets.
  Result<ObjectBatch> observe(std::span<const Packet> packets);

  // Sends the packet, or the few of a TCP handshake, with the program attached. None if it is one
  // that no wire carries, or that is for everybody.
  Result<std::optional<Delivery>> send(const Packet &packet);

  [[nodiscard]] const ObjectScenario &scenario() const { return scenario_; }
  [[nodiscard]] const Netns &netns() const { return path_.netns(); }
  [[nodiscard]] std::string program_name() const { return object_.name(); }

 private:
  ObjectLab(ObjectScenario scenario, PacketPath path, ScriptedPrograms lookups, UserObject object,
            BpfStats stats)
      : scenario_(std::move(scenario)),
        path_(std::move(path)),
        lookups_(std::move(lookups)),
        object_(std::move(object)),
        stats_(std::move(stats)) {}
  Result<> attach();
  Result<std::vector<std::optional<size_t>>> look_up(std::span<const Packet> packets);
  Result<ProgramAnswer> ask_program(const Packet &packet);

  ObjectScenario scenario_;
  PacketPath path_;
  ScriptedPrograms lookups_;  // without a script
  UserObject object_;
  BpfStats stats_;
  std::map<uint64_t, size_t> sockets_by_cookie_;
  std::optional<NetnsLink> link_;
};

}  // namespace sklab
