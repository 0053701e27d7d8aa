// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "bench/populated_netns.h"

#include <algorithm>
#include <chrono>

#include "bench/object_lanes.h"
#include "bench/traffic.h"
#include "bench/uncrowded_netns.h"
#include "harness/kernel/kernel_memory.h"
#include "harness/kernel/socket_hash.h"

namespace sklab {
namespace {

Result<UncrowdedNetns> netns_for(const FamilyCase &family, const PopulationSpec &spec) {
  // The other kinds are crowds.
  if (spec.kind == PopulationKind::kServices || spec.kind == PopulationKind::kSpread) {
    const Population population = make_population(family, spec, 0);
    return create_uncrowded_netns(population.sockets, single_packets(family, population));
  }
  SKLAB_TRY(Netns netns, Netns::create());
  return UncrowdedNetns{std::move(netns), ""};
}

Result<PopulatedNetns> populate(Netns netns, const FamilyCase &family, const PopulationSpec &spec) {
  uint32_t hash_mix = 0;
  if (spec.kind == PopulationKind::kColliding) {
    SKLAB_TRY(hash_mix, read_hash_mix(netns));
  }
  Population population = make_population(family, spec, hash_mix);
  // Not every kernel tells; then there is no figure, but everything else is still measured.
  const auto before = slab_memory_bytes();
  const auto start = std::chrono::steady_clock::now();
  SKLAB_TRY(SocketSet sockets, SocketSet::create(netns, population.sockets));
  const auto after = slab_memory_bytes();
  SKLAB_TRY(SteeringPrograms programs, SteeringPrograms::create(family, population, sockets));
  const std::chrono::duration<double, std::milli> setup = std::chrono::steady_clock::now() - start;
  const double grown =
      before && after ? static_cast<double>(*after) - static_cast<double>(*before) : 0;
  return PopulatedNetns{std::move(netns),    std::move(population), std::move(sockets),
                        std::move(programs), setup.count(),         std::max(grown, 0.0)};
}

}  // namespace

Result<PopulatedNetns> PopulatedNetns::create(const FamilyCase &family,
                                              const PopulationSpec &spec) {
  SKLAB_TRY(UncrowdedNetns chosen, netns_for(family, spec));
  SKLAB_TRY(PopulatedNetns populated, populate(std::move(chosen.netns), family, spec));
  populated.crowding_doubt = std::move(chosen.doubt);
  return populated;
}

Result<PopulatedNetns> PopulatedNetns::create_to_flood(const FamilyCase &family,
                                                       const PopulationSpec &spec,
                                                       FloodGenerator generator) {
  SKLAB_TRY(UncrowdedNetns chosen, netns_for(family, spec));
  SKLAB_TRY(Uplink uplink, Uplink::attach(chosen.netns, {{family.server}}));
  SKLAB_TRY(PopulatedNetns populated, populate(std::move(chosen.netns), family, spec));
  populated.crowding_doubt = std::move(chosen.doubt);
  SKLAB_TRY(FloodPath flood,
            FloodPath::create(populated.netns, std::move(uplink), populated.sockets,
                              populated.population.sockets, generator));
  populated.flood = std::make_unique<FloodPath>(std::move(flood));
  return populated;
}

Result<PopulatedNetns> PopulatedNetns::create_to_serve(const FamilyCase &family,
                                                       const PopulationSpec &spec) {
  SKLAB_TRY(UncrowdedNetns chosen, netns_for(family, spec));
  SKLAB_TRY(Uplink uplink, Uplink::attach(chosen.netns, {{family.server}}));
  SKLAB_CHECK(uplink.open_client(family.client));
  SKLAB_TRY(PopulatedNetns populated, populate(std::move(chosen.netns), family, spec));
  populated.crowding_doubt = std::move(chosen.doubt);
  populated.uplink = std::make_unique<Uplink>(std::move(uplink));
  return populated;
}

Result<PopulatedNetns> PopulatedNetns::create(const ObjectSource &object) {
  SKLAB_CHECK(check_packet_counts(object.scenario));
  SKLAB_TRY(Netns netns, Netns::create());
  SKLAB_CHECK(netns.make_every_address_local());
  Population population;
  population.sockets = object.scenario.sockets;
  const auto start = std::chrono::steady_clock::now();
  SKLAB_TRY(SocketSet sockets, SocketSet::create(netns, population.sockets));
  SKLAB_TRY(UserObject loaded, UserObject::create(object, sockets));
  SKLAB_TRY(SteeringPrograms programs, SteeringPrograms::create_without_targets());
  const std::chrono::duration<double, std::milli> setup = std::chrono::steady_clock::now() - start;
  return PopulatedNetns{std::move(netns),    std::move(population), std::move(sockets),
                        std::move(programs), setup.count(),         0,
                        std::move(loaded)};
}

}  // namespace sklab
