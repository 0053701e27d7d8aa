// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/path/scenario_packet.h"

#include <numeric>

#include "harness/model/hashtable_rules.h"

namespace sklab {
namespace {

PacketOperation operation_for(const Scenario &scenario) {
  if (scenario.packet.protocol == Protocol::kUdp) return &PacketPath::send_datagram;
  // Part of a connection that exists, or the first packet of a new one.
  return find_connected(scenario, kernel_rules()) ? &PacketPath::send_data : &PacketPath::send_syn;
}

}  // namespace

Result<ScenarioPacket> ScenarioPacket::create() {
  SKLAB_TRY(ScriptedPrograms programs, ScriptedPrograms::create());
  return ScenarioPacket(std::move(programs));
}

Result<> ScenarioPacket::populate(const Scenario &scenario) {
  if (path_) {
    // The handshakes of established sockets must not meet the programs of the scenario before.
    SKLAB_CHECK(programs_.use_population(path_->sockets(), {}));
    SKLAB_CHECK(path_->replace_population(scenario.sockets));
  } else {
    SKLAB_TRY(path_, PacketPath::create(scenario.sockets));
  }
  std::vector<size_t> all(scenario.sockets.size());
  std::iota(all.begin(), all.end(), size_t{0});
  SKLAB_CHECK(programs_.use_population(path_->sockets(), all));
  return programs_.attach_reuseport(scenario, path_->sockets());
}

void ScenarioPacket::close() {
  programs_.detach();
  path_.reset();
}

Result<> ScenarioPacket::prepare(const Scenario &scenario) {
  SKLAB_CHECK(
      programs_.attach(path_->netns(), scenario.dialect, scenario.codes, scenario.programs.size()));
  SKLAB_CHECK(programs_.write(0, scenario));
  programs_.select(0);
  return Ok{};
}

Result<Observation> ScenarioPacket::look_up(const Scenario &scenario) {
  SKLAB_CHECK(prepare(scenario));
  SKLAB_TRY(const ScopedNetns inside, ScopedNetns::enter(path_->netns()));
  SKLAB_CHECK(programs_.look_up(1));
  Observation observed;
  programs_.read(0, observed);
  return observed;
}

Result<PacketObservation> ScenarioPacket::send(const Scenario &scenario) {
  return send(scenario, operation_for(scenario));
}

Result<PacketObservation> ScenarioPacket::send(const Scenario &scenario,
                                               PacketOperation operation) {
  SKLAB_CHECK(prepare(scenario));
  SKLAB_TRY(const Delivery delivery, ((*path_).*operation)(scenario.packet));
  PacketObservation observed;
  programs_.read(0, observed.observation);
  observed.observation.socket = delivery.socket;
  observed.reply = delivery.reply;
  observed.error_number = delivery.error_number;
  return observed;
}

Result<FrameObservation> ScenarioPacket::send_frame(const Scenario &scenario,
                                                    std::span<const uint8_t> frame) {
  SKLAB_CHECK(prepare(scenario));
  const size_t groups = scenario.reuseport_programs.size();
  FrameObservation observed;
  observed.reuseport_runs.resize(groups);
  for (size_t i = 0; i < groups; ++i) observed.reuseport_runs[i] = programs_.reuseport_runs(i);
  SKLAB_TRY(observed.arrived, path_->send_frame(frame));
  programs_.read(0, observed.observation);
  observed.observation.socket.reset();
  for (size_t i = 0; i < groups; ++i) {
    observed.reuseport_runs[i] = programs_.reuseport_runs(i) - observed.reuseport_runs[i];
  }
  return observed;
}

Result<PacketObservation> ScenarioPacket::observe(const Scenario &scenario) {
  SKLAB_CHECK(populate(scenario));
  return send(scenario);
}

Reply expected_reply(const Outcome &outcome, Protocol protocol) {
  const bool found = !outcome.sockets.empty();
  if (protocol == Protocol::kUdp) return found ? Reply::kNone : Reply::kPortUnreachable;
  if (!found) return Reply::kReset;
  return outcome.decided_by == DecidedBy::kConnected ? Reply::kAck : Reply::kSynAck;
}

bool allows(const Outcome &expected, const PacketObservation &observed, Protocol protocol) {
  return allows(expected, observed.observation) &&
         observed.reply == expected_reply(expected, protocol);
}

std::string describe(const PacketObservation &observed, const Scenario &scenario) {
  return describe(observed.observation, scenario) + " " +
         describe_answers(observed.reply, observed.error_number);
}

}  // namespace sklab
