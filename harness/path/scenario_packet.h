// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "harness/base/result.h"
#include "harness/model/outcome.h"
#include "harness/path/packet_path.h"
#include "harness/path/scripted_programs.h"

namespace sklab {

// What the packet path saw.
struct PacketObservation {
  Observation observation;
  Reply reply = Reply::kNone;  // what the sender got
  int error_number = 0;        // what the socket got, of an ICMP error
};

// What the packet path saw of a frame.
struct FrameObservation {
  // Its socket is not set: `arrived` says who received what.
  Observation observation;
  std::vector<uint64_t> reuseport_runs;  // of the groups' programs, in the scenario's order
  Arrived arrived;
};

// Scenarios on the packet path: the scenario's packet arrives on a wire, as a UDP datagram, as a
// TCP SYN whose handshake is completed, or as data of an established connection.
class ScenarioPacket {
 public:
  static Result<ScenarioPacket> create();

  // Builds the scenario, sends its packet, and says what happened.
  // Errors: kUnavailable for addresses that no wire carries (::1).
  Result<PacketObservation> observe(const Scenario &scenario);

  // Opens the population, whose sockets can all be assigned; the one before is closed. Attaches
  // the SK_REUSEPORT programs.
  Result<> populate(const Scenario &scenario);
  // Detaches everything and closes the population and its netns: the next population gets a new
  // one.
  void close();
  // The scenario has the population that is open.
  Result<PacketObservation> send(const Scenario &scenario);
  // The same with what `operation` makes of the packet: a stray ACK, an ICMP error.
  Result<PacketObservation> send(const Scenario &scenario, PacketOperation operation);
  // A frame of any bytes, while the scenario's programs are attached; its packet does not count.
  Result<FrameObservation> send_frame(const Scenario &scenario, std::span<const uint8_t> frame);
  // The same lookup by a helper, over the same sockets.
  Result<Observation> look_up(const Scenario &scenario);

  // The path itself, for what is no scenario. The population is open.
  [[nodiscard]] PacketPath &path() { return *path_; }

 private:
  explicit ScenarioPacket(ScriptedPrograms programs) : programs_(std::move(programs)) {}
  Result<> prepare(const Scenario &scenario);

  std::optional<PacketPath> path_;
  ScriptedPrograms programs_;
};

// What the sender gets when a packet meets this outcome: a UDP datagram without a socket an ICMP
// error, a TCP segment a RST.
Reply expected_reply(const Outcome &outcome, Protocol protocol);

// As allows() of model/outcome.h, with the reply.
bool allows(const Outcome &expected, const PacketObservation &observed, Protocol protocol);

std::string describe(const PacketObservation &observed, const Scenario &scenario);

}  // namespace sklab
