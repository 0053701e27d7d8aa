// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/packet/packet_lab.h"

#include <algorithm>

#include "fuzz/packet/reduce_packets.h"
#include "fuzz/packet/variation.h"
#include "fuzz/semantics/features.h"
#include "fuzz/target/coverage.h"
#include "fuzz/target/feature_counters.h"
#include "harness/conform/raw_program.h"
#include "harness/model/scenario_text.h"

namespace sklab {
namespace {

// Of an input, beside itself.
constexpr size_t kVariations = 24;

bool same_population(const Scenario &a, const Scenario &b) {
  return a.sockets == b.sockets && a.reuseport_programs == b.reuseport_programs;
}

// What the model met, and how the frame was received. Kinds up to 15 are those of note_features().
void note_all_features(const Scenario &scenario, const PacketExpectation &expected) {
  constexpr uint64_t kReceived = 16;
  const Reception &reception = expected.reception;
  const auto number = [](auto value) { return static_cast<uint64_t>(value); };
  note_feature({kReceived, number(reception.lookup), number(reception.after),
                number(reception.is_error), number(reception.packet.protocol),
                number(reception.packet.source.address.family), reception.tcp_flags & 0x17U,
                number(expected.outcome.decided_by)});
  if (reception.lookup == LookupChance::kNone) return;
  Scenario met = scenario;
  met.packet = reception.packet;
  note_features(met, expected.outcome);
}

bool is_connection(const Scenario &scenario, size_t socket) {
  const SocketSpec &spec = scenario.sockets[socket];
  return spec.protocol == Protocol::kTcp && spec.peer;
}

}  // namespace

Result<PacketLab> PacketLab::create(const Rules &rules) {
  SKLAB_TRY(ScenarioPacket path, ScenarioPacket::create());
  SKLAB_TRY(Netns elsewhere, Netns::create());
  SKLAB_TRY(const UniqueFd program, load_constant_program(SK_PASS));
  SKLAB_TRY(NetnsLink key_holder, NetnsLink::attach(program.get(), elsewhere));
  return PacketLab(std::move(path), std::move(elsewhere), std::move(key_holder), rules);
}

// Opening sockets takes much longer than a packet, and most inputs differ in programs and packets
// only.
Result<> PacketLab::prepare(const Scenario &scenario) {
  if (open_ && same_population(*open_, scenario)) return Ok{};
  open_.reset();
  if (std::exchange(needs_fresh_netns_, false)) {
    path_.close();
    receiver_ = {};
  }
  SKLAB_CHECK(path_.populate(scenario));
  open_ = scenario;
  return Ok{};
}

// Whether the kernel did what the rules say; what is compared is left in `finding`.
Result<bool> PacketLab::send_frame(const Frame &frame, PacketFinding &finding) {
  const Scenario &scenario = finding.input.scenario;
  finding.expected = expect(receiver_.receive(frame), scenario, rules_);
  SKLAB_TRY(finding.observed, path_.send_frame(scenario, frame));
  ++frames_sent_;
  for (const Received &one : finding.observed.arrived.received) {
    if (!is_connection(scenario, one.socket)) continue;
    // The peer that closes it with the population no longer knows its sequence numbers.
    open_.reset();
    needs_fresh_netns_ = true;
  }
  if (notes_features_) note_all_features(scenario, finding.expected);
  return find_difference(finding.expected, finding.observed).empty();
}

Result<std::optional<PacketFinding>> PacketLab::send_all(const PacketInput &input) {
  SKLAB_CHECK(prepare(input.scenario));
  PacketFinding finding;
  finding.input.scenario = input.scenario;
  for (const PacketSpec &spec : input.packets) {
    if (!open_) SKLAB_CHECK(prepare(input.scenario));
    finding.input.packets.push_back(spec);
    for (const Frame &frame : build_frames(spec, ++packet_number_)) {
      finding.wrong_frame = finding.frames.size();
      finding.frames.push_back(frame);
      SKLAB_TRY(const bool right, send_frame(frame, finding));
      if (!right) return std::optional<PacketFinding>(std::move(finding));
    }
    for (const Frame &frame : receiver_.flush()) {
      finding.frames.push_back(frame);
      SKLAB_CHECK(path_.path().send_frame(frame));
    }
  }
  return std::nullopt;
}

Result<std::optional<PacketFinding>> PacketLab::check(const PacketInput &input, uint64_t seed) {
  FuzzRandom random(seed);
  std::optional<PacketFinding> found;
  for (size_t i = 0; !found && i < kVariations; ++i) {
    SKLAB_TRY(found, send_all(vary_packets(input, random)));
  }
  // Coverage is that of the input itself.
  forget_coverage();
  if (!found) {
    notes_features_ = true;
    SKLAB_TRY(found, send_all(input));
    notes_features_ = false;
  }
  if (!found) return std::nullopt;
  SKLAB_TRY(PacketFinding finding, confirm(found->input));
  return std::optional<PacketFinding>(std::move(finding));
}

// Which member of a reuseport group is chosen depends on a secret of the network namespace, and so
// may a disagreement.
Result<std::optional<PacketFinding>> PacketLab::observe_again(const PacketInput &input) {
  constexpr size_t kNamespaces = 8;
  const auto &sockets = input.scenario.sockets;
  const bool by_hash = std::any_of(sockets.begin(), sockets.end(),
                                   [](const SocketSpec &socket) { return socket.reuseport_group; });
  for (size_t i = 0; i < (by_hash ? kNamespaces : 1); ++i) {
    open_.reset();
    needs_fresh_netns_ = true;
    SKLAB_TRY(auto finding, send_all(input));
    if (finding) return finding;
  }
  return std::nullopt;
}

Result<PacketFinding> PacketLab::confirm(const PacketInput &input) {
  SKLAB_TRY(auto finding, observe_again(input));
  if (!finding) {
    return fail_as(ErrorKind::kMismatch, "see again, in fresh network namespaces, what was wrong",
                   "\n" + format_scenario(input.scenario));
  }
  reduce_packets(input, [&](const PacketInput &smaller) {
    // What the machine does not let us build is no smaller finding.
    auto seen = observe_again(smaller);
    if (!seen || !*seen) return false;
    finding = std::move(*seen);
    return true;
  });
  return *std::move(finding);
}

}  // namespace sklab
