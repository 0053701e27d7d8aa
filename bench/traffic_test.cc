// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "bench/traffic.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <bit>
#include <set>

#include "bench/steering.h"
#include "harness/kernel/socket_set.h"
#include "harness/model/model.h"

namespace sklab {
namespace {

constexpr PopulationSpec kServices{PopulationKind::kServices, 0};

TEST(Traffic, PacketsAreDistinctAndTheirNumberAPowerOfTwo) {
  const FamilyCase &family = family_case("udp4");
  const Population services = make_population(family, kServices, 0);
  const Population many = make_population(family, {PopulationKind::kSpread, 10000}, 0);
  for (const auto traffic :
       {Traffic::kServer, Traffic::kClosedPort, Traffic::kGroup, Traffic::kConnected,
        Traffic::kIpRange, Traffic::kPortRange, Traffic::kMember, Traffic::kMembers,
        Traffic::kRange, Traffic::kRanges}) {
    const bool of_members = traffic == Traffic::kMember || traffic == Traffic::kMembers;
    const auto packets = make_packets(traffic, family, of_members ? many : services, 1);
    std::set<Endpoint> destinations;
    for (const Packet &packet : packets) destinations.insert(packet.destination);
    EXPECT_EQ(destinations.size(), packets.size());
    EXPECT_TRUE(std::has_single_bit(packets.size()));
  }
}

TEST(Traffic, SameSeedSamePackets) {
  const FamilyCase &family = family_case("tcp4");
  const Population many = make_population(family, {PopulationKind::kSpread, 1000}, 0);
  EXPECT_EQ(make_packets(Traffic::kMembers, family, many, 5),
            make_packets(Traffic::kMembers, family, many, 5));
  EXPECT_NE(make_packets(Traffic::kMembers, family, many, 5),
            make_packets(Traffic::kMembers, family, many, 6));
}

// The shortcut of looking only at sockets of the packet's port must not change the answer.
TEST(Expect, AgreesWithTheModelOnTheWholePopulation) {
  for (const FamilyCase &family : family_cases()) {
    const Population population = make_population(family, kServices, 0);
    for (const auto traffic :
         {Traffic::kServer, Traffic::kClosedPort, Traffic::kGroup, Traffic::kConnected}) {
      for (const auto steering : {Steering::kPass, Steering::kDrop, Steering::kAssignSockmap,
                                  Steering::kAssignReuseport, Steering::kAssignNoReuseport}) {
        Scenario scenario;
        scenario.sockets = population.sockets;
        scenario.programs = {script_of(steering, population)};
        scenario.packet = make_packets(traffic, family, population, 1).front();
        const Outcome whole = evaluate(scenario);
        const auto expected = expect(population, scenario.programs, {scenario.packet});
        ASSERT_TRUE(expected) << expected.error().message();
        const LookupTarget &target = expected->targets.front();
        EXPECT_EQ(expected->program_runs, whole.run_counts);
        EXPECT_EQ(target.mark_low == 0, whole.sockets.empty());
        if (whole.sockets.empty()) continue;
        EXPECT_EQ(target.mark_low, SocketSet::mark_of(whole.sockets.front()));
        EXPECT_EQ(target.mark_high, SocketSet::mark_of(whole.sockets.back()));
      }
    }
  }
}

TEST(Expect, EveryMemberFindsItself) {
  const FamilyCase &family = family_case("udp4");
  const Population population = make_population(family, {PopulationKind::kColliding, 300}, 7);
  const auto packets = make_packets(Traffic::kMembers, family, population, 3);
  const auto expected = expect(population, {}, packets);
  ASSERT_TRUE(expected) << expected.error().message();
  std::set<uint32_t> marks;
  for (const LookupTarget &target : expected->targets) {
    EXPECT_EQ(target.mark_low, target.mark_high);
    marks.insert(target.mark_low);
    const SocketSpec &socket = population.sockets[*SocketSet::index_of(target.mark_low)];
    EXPECT_EQ(socket.local, target.packet.destination);
  }
  EXPECT_EQ(marks.size(), 256U);
}

}  // namespace
}  // namespace sklab
