// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "bench/population.h"

#include <fmt/format.h>

#include "harness/kernel/socket_hash.h"

namespace sklab {
namespace {

constexpr size_t kGroupSize = 4;

SocketSpec listener(const FamilyCase &family, std::string name, const Endpoint &local) {
  SocketSpec spec;
  spec.name = std::move(name);
  spec.protocol = family.protocol;
  spec.family = family.socket_family;
  spec.local = local;
  return spec;
}

// An address as a socket of the family's own type writes it: v4-mapped where the socket is IPv6.
IpAddress as_bound(const FamilyCase &family, const IpAddress &address) {
  return family.socket_family == Family::kIpv6 ? address.to_v4_mapped() : address;
}

void add_members(Population &population, size_t count) {
  population.member_first = population.sockets.size();
  population.member_count = count;
}

void add_services(const FamilyCase &family, Population &population) {
  population.group_first = population.sockets.size();
  population.group_size = kGroupSize;
  for (size_t i = 0; i < kGroupSize; ++i) {
    SocketSpec member = listener(family, fmt::format("group{}", i), {family.bound, kGroupPort});
    member.reuseport_group = 1;
    population.sockets.push_back(std::move(member));
  }
  SocketSpec connected =
      listener(family, "connected", {as_bound(family, family.server), kConnectedPort});
  connected.peer = Endpoint{as_bound(family, family.client), kClientPort};
  population.sockets.push_back(std::move(connected));
}

void add_spread(const FamilyCase &family, size_t count, Population &population) {
  add_members(population, count);
  for (size_t i = 0; i < count; ++i) {
    const auto port = static_cast<uint16_t>(kMemberPortLow + i);
    population.sockets.push_back(
        listener(family, fmt::format("member{}", i), {family.bound, port}));
  }
}

void add_colliding(const FamilyCase &family, size_t count, uint32_t hash_mix,
                   Population &population) {
  add_members(population, count);
  const uint32_t wanted = port_address_hash(hash_mix, family.server, kServerPort);
  // One port of every address has the wanted hash; 0 is none.
  for (uint32_t candidate = 0; population.sockets.size() < population.member_first + count;
       ++candidate) {
    const IpAddress address{
        Family::kIpv4,
        {127, static_cast<uint8_t>(1 + (candidate >> 16)), static_cast<uint8_t>(candidate >> 8),
         static_cast<uint8_t>(candidate)}};
    const uint16_t port = port_with_hash(hash_mix, address, wanted);
    if (port == 0) continue;
    const size_t index = population.sockets.size() - population.member_first;
    population.sockets.push_back(listener(family, fmt::format("member{}", index), {address, port}));
  }
}

void add_range(const FamilyCase &family, Population &population) {
  add_members(population, kRangeSize * kRangeSize);
  for (size_t i = 0; i < kRangeSize; ++i) {
    const IpAddress address = range_address(family, i);
    for (unsigned port = kRangePortLow; port <= kRangePortHigh; ++port) {
      population.sockets.push_back(listener(family, fmt::format("range{}_{}", i, port),
                                            {address, static_cast<uint16_t>(port)}));
    }
  }
}

}  // namespace

Population make_population(const FamilyCase &family, const PopulationSpec &spec,
                           uint32_t hash_mix) {
  Population population;
  population.sockets = {listener(family, "server", {family.bound, kServerPort}),
                        listener(family, "steered", {family.bound, kSteeredPort})};
  switch (spec.kind) {
    case PopulationKind::kServices:
      add_services(family, population);
      break;
    case PopulationKind::kSpread:
      add_spread(family, spec.size, population);
      break;
    case PopulationKind::kColliding:
      add_colliding(family, spec.size, hash_mix, population);
      break;
    case PopulationKind::kRange:
      add_range(family, population);
      break;
  }
  return population;
}

}  // namespace sklab
