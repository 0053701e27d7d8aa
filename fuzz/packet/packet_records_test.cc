// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/packet/packet_records.h"

#include <gtest/gtest.h>

#include <set>

#include "fuzz/packet/packet_mutator.h"
#include "fuzz/packet/variation.h"
#include "fuzz/target/random.h"
#include "harness/model/bind_rules.h"
#include "harness/model/scenario_text.h"
#include "harness/model/scenario_validate.h"

namespace sklab {
namespace {

void expect_valid(const Scenario &scenario) {
  const auto wrong = find_contradiction(scenario);
  ASSERT_FALSE(wrong) << wrong->what << ": " << wrong->why << "\n" << format_scenario(scenario);
  for (const SocketSpec &socket : scenario.sockets) {
    if (is_established(socket)) {
      ASSERT_NE(socket.local.address.text(), "::1");
    }
  }
}

std::vector<uint8_t> some_bytes(FuzzRandom &random, size_t size) {
  std::vector<uint8_t> bytes(size);
  for (uint8_t &byte : bytes) byte = static_cast<uint8_t>(random.next());
  return bytes;
}

TEST(PacketRecords, AnyBytesAreAValidInputThatCanBeEncodedAgain) {
  FuzzRandom random(1);
  size_t with_reuseport = 0;
  for (int i = 0; i < 10000; ++i) {
    const auto bytes = some_bytes(random, random.below(900));
    const PacketInput input = decode_packets(bytes);
    ASSERT_FALSE(input.packets.empty());
    expect_valid(input.scenario);
    with_reuseport += input.scenario.reuseport_programs.empty() ? 0 : 1;
    for (const PacketSpec &spec : input.packets) {
      Scenario scenario = input.scenario;
      scenario.packet = spec.packet;
      expect_valid(scenario);
    }
    const auto again = encode_packets(input);
    ASSERT_TRUE(again) << format_scenario(input.scenario);
    ASSERT_EQ(decode_packets(*again), input);
  }
  EXPECT_GT(with_reuseport, 100U);
}

TEST(PacketRecords, MutationsMakeAllKinds) {
  FuzzRandom random(2);
  std::vector<uint8_t> bytes(1200);
  std::set<size_t> forms;
  size_t parts = 0;
  size_t fragmented = 0;
  size_t damaged = 0;
  for (int i = 0; i < 2000; ++i) {
    const size_t size = mutate_packets(bytes, (random.below(60)) * kRecordSize, random.next());
    ASSERT_LE(size, bytes.size());
    const PacketInput input = decode_packets(std::span(bytes).first(size));
    for (const PacketSpec &spec : input.packets) {
      forms.insert(static_cast<size_t>(spec.form));
      parts += spec.parts.size();
      fragmented += spec.fragmentation ? 1 : 0;
      damaged += spec.damages.size();
    }
  }
  EXPECT_EQ(forms.size(), 2U);
  EXPECT_GT(parts, 100U);
  EXPECT_GT(fragmented, 100U);
  EXPECT_GT(damaged, 100U);
}

TEST(PacketVariation, LeavesWhatCostsSystemCalls) {
  FuzzRandom random(3);
  for (int i = 0; i < 5000; ++i) {
    const PacketInput input = decode_packets(some_bytes(random, random.below(600)));
    const PacketInput varied = vary_packets(input, random);
    expect_valid(varied.scenario);
    ASSERT_EQ(varied.scenario.sockets, input.scenario.sockets);
    ASSERT_EQ(varied.scenario.reuseport_programs, input.scenario.reuseport_programs);
    ASSERT_EQ(varied.scenario.dialect, input.scenario.dialect);
    ASSERT_EQ(varied.scenario.programs.size(), input.scenario.programs.size());
    ASSERT_EQ(varied.packets.size(), 1U);
  }
}

}  // namespace
}  // namespace sklab
