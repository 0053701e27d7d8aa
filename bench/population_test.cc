// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "bench/population.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "harness/kernel/socket_hash.h"
#include "harness/model/scenario_text.h"

namespace sklab {
namespace {

std::vector<PopulationSpec> every_spec() {
  return {{PopulationKind::kServices, 0},
          {PopulationKind::kSpread, 1},
          {PopulationKind::kSpread, 10000},
          {PopulationKind::kRange, 0}};
}

// Endpoints that would clash in bind(2), reuseport groups apart.
std::set<Endpoint> endpoints_of(const Population &population) {
  std::set<Endpoint> endpoints;
  for (const SocketSpec &socket : population.sockets) endpoints.insert(socket.local);
  return endpoints;
}

TEST(Population, EverySocketHasAnEndpointOfItsOwnButForTheGroup) {
  for (const FamilyCase &family : family_cases()) {
    for (const PopulationSpec &spec : every_spec()) {
      const Population population = make_population(family, spec, 0);
      const size_t shared = population.group_size == 0 ? 0 : population.group_size - 1;
      EXPECT_EQ(endpoints_of(population).size(), population.sockets.size() - shared) << family.name;
    }
  }
}

TEST(Population, SmallOnesAreValidScenarios) {
  for (const FamilyCase &family : family_cases()) {
    Scenario scenario;
    scenario.sockets = make_population(family, {PopulationKind::kServices, 0}, 0).sockets;
    scenario.packet = {family.protocol, {family.client, 1}, {family.server, 2}};
    const auto valid = validate_scenario(scenario);
    EXPECT_TRUE(valid) << family.name << ": " << valid.error().message();
  }
}

TEST(Population, CollidingSocketsShareTheLowHashBits) {
  const FamilyCase &family = family_case("udp4");
  for (const uint32_t hash_mix : {0U, 1U, 0xdeadbeefU, 0xffffffffU}) {
    const Population population =
        make_population(family, {PopulationKind::kColliding, 1000}, hash_mix);
    ASSERT_EQ(population.member_count, 1000U);
    ASSERT_EQ(population.sockets.size(), 1002U);
    const uint32_t wanted = port_address_hash(hash_mix, family.server, kServerPort) & 0xffff;
    for (size_t i = population.member_first; i < population.sockets.size(); ++i) {
      const Endpoint &local = population.sockets[i].local;
      EXPECT_EQ(port_address_hash(hash_mix, local.address, local.port) & 0xffff, wanted);
      EXPECT_NE(local.port, 0);
    }
  }
}

TEST(Population, RangeCoversASlash24Times256Ports) {
  const Population population =
      make_population(family_case("tcp4"), {PopulationKind::kRange, 0}, 0);
  EXPECT_EQ(population.member_count, 65536U);
  EXPECT_EQ(population.sockets.back().local.text(), "127.0.7.255:20255");
}

}  // namespace
}  // namespace sklab
