// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "bench/traffic.h"

#include <algorithm>
#include <bit>
#include <map>
#include <random>

#include "harness/kernel/socket_set.h"
#include "harness/model/model.h"

namespace sklab {
namespace {

constexpr size_t kRandomPackets = 8192;

Packet packet_to(const FamilyCase &family, const IpAddress &address, uint16_t port) {
  return {family.protocol, {family.client, kClientPort}, {address, port}};
}

Packet range_packet(const FamilyCase &family, size_t index) {
  return packet_to(family, range_address(family, index / kRangeSize),
                   static_cast<uint16_t>(kRangePortLow + index % kRangeSize));
}

// The first `count` of a random order of 0..size-1. Requires: count <= size.
std::vector<size_t> random_choice(size_t size, size_t count, uint64_t seed) {
  std::vector<size_t> order(size);
  for (size_t i = 0; i < size; ++i) order[i] = i;
  std::mt19937_64 random(seed);
  // Not std::shuffle: its order is not the same in every standard library.
  for (size_t i = 0; i < count && i < size; ++i) {
    std::swap(order[i], order[i + random() % (size - i)]);
  }
  order.resize(count);
  return order;
}

std::vector<Packet> member_packets(const FamilyCase &family, const Population &population,
                                   uint64_t seed) {
  const size_t count = std::min(kRandomPackets, std::bit_floor(population.member_count));
  std::vector<Packet> packets;
  for (const size_t index : random_choice(population.member_count, count, seed)) {
    const Endpoint &local = population.sockets[population.member_first + index].local;
    const bool wildcard = local.address.is_wildcard();
    packets.push_back(packet_to(family, wildcard ? family.server : local.address, local.port));
  }
  return packets;
}

// The sockets of one port: no other can be found by a packet to it, unless a program names it.
struct Candidates {
  Scenario scenario;
  std::vector<size_t> original;  // index in the whole population
};

Candidates candidates_for(const Population &population, const std::vector<ScriptedProgram> &scripts,
                          uint16_t port) {
  Candidates candidates;
  std::map<size_t, size_t> renumbered;
  const auto add = [&](size_t index) {
    if (!renumbered.emplace(index, candidates.original.size()).second) return;
    candidates.original.push_back(index);
    candidates.scenario.sockets.push_back(population.sockets[index]);
  };
  for (size_t i = 0; i < population.sockets.size(); ++i) {
    if (population.sockets[i].local.port == port) add(i);
  }
  // A reuseport group comes as a whole.
  for (size_t i = 0; i < population.group_size; ++i) add(population.group_first + i);
  for (ScriptedProgram script : scripts) {
    for (AssignOperation &assign : script.assigns) {
      if (!assign.socket) continue;
      add(*assign.socket);
      assign.socket = renumbered.at(*assign.socket);
    }
    candidates.scenario.programs.push_back(std::move(script));
  }
  return candidates;
}

Result<LookupTarget> target_of(const Packet &packet, const Candidates &candidates,
                               const Outcome &outcome) {
  if (outcome.sockets.empty()) return LookupTarget{packet, 0, 0};
  std::vector<size_t> found;
  for (const size_t index : outcome.sockets) found.push_back(candidates.original[index]);
  std::sort(found.begin(), found.end());
  if (found.back() - found.front() + 1 != found.size()) {
    return fail_as(ErrorKind::kMismatch, "expect one range of sockets for",
                   packet.destination.text());
  }
  return LookupTarget{packet, SocketSet::mark_of(found.front()), SocketSet::mark_of(found.back())};
}

}  // namespace

std::vector<Packet> make_packets(Traffic traffic, const FamilyCase &family,
                                 const Population &population, uint64_t seed) {
  std::vector<Packet> packets;
  switch (traffic) {
    case Traffic::kServer:
      return {packet_to(family, family.server, kServerPort)};
    case Traffic::kClosedPort:
      return {packet_to(family, family.server, kClosedPort)};
    case Traffic::kGroup:
      return {packet_to(family, family.server, kGroupPort)};
    case Traffic::kConnected:
      return {packet_to(family, family.server, kConnectedPort)};
    case Traffic::kIpRange:
      for (const size_t i : random_choice(kRangeSize, kRangeSize, seed)) {
        packets.push_back(packet_to(family, range_address(family, i), kServerPort));
      }
      return packets;
    case Traffic::kPortRange:
      for (const size_t i : random_choice(kRangeSize, kRangeSize, seed)) {
        packets.push_back(
            packet_to(family, family.server, static_cast<uint16_t>(kRangePortLow + i)));
      }
      return packets;
    case Traffic::kMember:
      return {member_packets(family, population, seed).front()};
    case Traffic::kMembers:
      return member_packets(family, population, seed);
    case Traffic::kRange:
      return {range_packet(family, 0)};
    case Traffic::kRanges:
      for (const size_t i : random_choice(kRangeSize * kRangeSize, kRandomPackets, seed)) {
        packets.push_back(range_packet(family, i));
      }
      return packets;
    case Traffic::kObject:
      break;
  }
  return packets;
}

std::vector<Packet> single_packets(const FamilyCase &family, const Population &population) {
  std::vector<Packet> packets;
  for (const Traffic traffic :
       {Traffic::kServer, Traffic::kClosedPort, Traffic::kGroup, Traffic::kConnected}) {
    packets.push_back(make_packets(traffic, family, population, 0).front());
  }
  return packets;
}

Result<Expectation> expect(const Population &population,
                           const std::vector<ScriptedProgram> &scripts,
                           const std::vector<Packet> &packets) {
  Expectation expectation;
  expectation.program_runs.resize(scripts.size());
  std::map<uint16_t, Candidates> by_port;
  for (const Packet &packet : packets) {
    const uint16_t port = packet.destination.port;
    auto found = by_port.find(port);
    if (found == by_port.end()) {
      found = by_port.emplace(port, candidates_for(population, scripts, port)).first;
    }
    Candidates &candidates = found->second;
    candidates.scenario.packet = packet;
    const Outcome outcome = evaluate(candidates.scenario);
    SKLAB_TRY(const LookupTarget target, target_of(packet, candidates, outcome));
    expectation.targets.push_back(target);
    for (size_t i = 0; i < scripts.size(); ++i) {
      expectation.program_runs[i] += outcome.run_counts[i];
    }
  }
  return expectation;
}

}  // namespace sklab
