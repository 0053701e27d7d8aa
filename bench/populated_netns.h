// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "bench/population.h"
#include "bench/steering_programs.h"
#include "harness/base/result.h"
#include "harness/kernel/netns.h"
#include "harness/kernel/socket_set.h"
#include "harness/kernel/uplink.h"
#include "harness/kernel/user_object.h"
#include "harness/path/flood_path.h"

namespace sklab {

// A test netns with a population in it, and the programs loaded that steer to its sockets.
struct PopulatedNetns {
  Netns netns;
  Population population;
  SocketSet sockets;
  SteeringPrograms programs;
  double setup_ms = 0;  // of opening the sockets and loading the programs
  // By how much the kernel's slab memory grew while the sockets were opened, 0 when it shrank.
  double socket_memory_bytes = 0;
  std::optional<UserObject> object = std::nullopt;  // of a group that has one
  // Why other sockets may be in a packet's bucket (bench/uncrowded_netns.h); "" if none are.
  std::string crowding_doubt = {};
  // Of a netns that can be flooded.
  std::unique_ptr<FloodPath> flood = nullptr;
  // Of a netns that a client has access to.
  std::unique_ptr<Uplink> uplink = nullptr;

  static Result<PopulatedNetns> create(const FamilyCase &family, const PopulationSpec &spec);
  // The same, with an interface that has the family's address and can be flooded through.
  static Result<PopulatedNetns> create_to_flood(const FamilyCase &family,
                                                const PopulationSpec &spec,
                                                FloodGenerator generator);
  // The same, with a client at the other end of the interface: the family's.
  static Result<PopulatedNetns> create_to_serve(const FamilyCase &family,
                                                const PopulationSpec &spec);
  // The sockets of a user's program, and that program. Errors: those of UserObject, and
  // kUsage for more packets than can be measured.
  static Result<PopulatedNetns> create(const ObjectSource &object);
};

// Requires: a doubt.
inline std::string crowding_warning(const PopulatedNetns &netns) {
  return "other sockets may share a packet's bucket: " + netns.crowding_doubt;
}

}  // namespace sklab
