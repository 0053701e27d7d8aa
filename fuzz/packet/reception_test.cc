// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/packet/reception.h"

#include <gtest/gtest.h>

#include "fuzz/packet/packet_records.h"
#include "fuzz/packet/well_formed.h"
#include "fuzz/target/random.h"
#include "harness/path/packet_headers.h"

namespace sklab {
namespace {

Packet packet(Protocol protocol, const char *source, const char *destination) {
  return {protocol, *parse_endpoint(source), *parse_endpoint(destination)};
}

const Packet kUdp4 = packet(Protocol::kUdp, "127.0.0.9:40000", "127.0.0.1:7007");
const Packet kUdp6 = packet(Protocol::kUdp, "[fd00::3]:40000", "[fd00::1]:7007");
const Packet kTcp4 = packet(Protocol::kTcp, "127.0.0.9:40000", "127.0.0.1:7007");
const Packet kTcp6 = packet(Protocol::kTcp, "[fd00::3]:40000", "[fd00::1]:7007");

PacketSpec spec_of(const Packet &packet, uint16_t payload_bytes) {
  PacketSpec spec;
  spec.packet = packet;
  if (packet.protocol == Protocol::kTcp) spec.tcp_flags = kTcpSyn;
  spec.payload_bytes = payload_bytes;
  return spec;
}

// What comes of each frame of the packet.
std::vector<Reception> receive_all(const PacketSpec &spec) {
  Receiver receiver;
  std::vector<Reception> receptions;
  for (const Frame &frame : build_frames(spec, 77)) receptions.push_back(receiver.receive(frame));
  return receptions;
}

// Of the last frame; those before it are looked up by nobody.
Reception receive_last(const PacketSpec &spec) {
  const auto receptions = receive_all(spec);
  for (size_t i = 0; i + 1 < receptions.size(); ++i) {
    EXPECT_EQ(receptions[i].lookup, LookupChance::kNone);
  }
  return receptions.empty() ? Reception{} : receptions.back();
}

void expect_delivered(const PacketSpec &spec) {
  const Reception reception = receive_last(spec);
  EXPECT_EQ(reception.lookup, LookupChance::kCertain);
  EXPECT_EQ(reception.packet, spec.packet);
  EXPECT_EQ(reception.after, AfterLookup::kGoesOn);
  EXPECT_EQ(reception.is_error, spec.form == PacketForm::kError);
  if (spec.packet.protocol == Protocol::kUdp && spec.form == PacketForm::kMessage) {
    EXPECT_EQ(reception.payload.size(), spec.payload_bytes);
  }
}

TEST(Reception, OfPlainPackets) {
  for (const Packet &packet : {kUdp4, kUdp6, kTcp4, kTcp6}) {
    for (const uint16_t payload : {0, 1, 47, 48, 68, 69, 1200}) {
      expect_delivered(spec_of(packet, payload));
    }
  }
}

TEST(Reception, OfErrors) {
  for (const Packet &packet : {kUdp4, kUdp6}) {
    for (uint8_t error = 0; error < 6; ++error) {
      PacketSpec spec = spec_of(packet, 10);
      spec.form = PacketForm::kError;
      spec.error = error;
      expect_delivered(spec);
    }
  }
  // TCP looks among connections only.
  PacketSpec spec = spec_of(kTcp4, 10);
  spec.form = PacketForm::kError;
  EXPECT_EQ(receive_last(spec).lookup, LookupChance::kNone);
}

TEST(Reception, OfFragmentsInAnyOrder) {
  for (const Packet &packet : {kUdp4, kUdp6, kTcp4, kTcp6}) {
    for (const bool backwards : {false, true}) {
      PacketSpec spec = spec_of(packet, 600);
      spec.fragmentation = Fragmentation{{3, 20, 50}, backwards, false, false, false, 0};
      EXPECT_EQ(build_frames(spec, 1).size(), 4U);
      expect_delivered(spec);
      spec.fragmentation->repeat = true;
      const auto receptions = receive_all(spec);
      ASSERT_EQ(receptions.size(), 5U);
      size_t lookups = 0;
      for (const Reception &reception : receptions) {
        lookups += reception.lookup == LookupChance::kCertain ? 1 : 0;
      }
      EXPECT_EQ(lookups, 1U);
    }
  }
}

TEST(Reception, MissingAndOverlappingFragmentsAreNoPacket) {
  for (const Packet &packet : {kUdp4, kUdp6}) {
    for (uint8_t chosen = 0; chosen < 4; ++chosen) {
      PacketSpec spec = spec_of(packet, 600);
      spec.fragmentation = Fragmentation{{3, 20, 50}, false, false, true, false, chosen};
      EXPECT_EQ(receive_last(spec).lookup, LookupChance::kNone);
      spec.fragmentation = Fragmentation{{3, 20, 50}, false, false, false, true, chosen};
      // The last one cannot be longer.
      const auto expected = chosen == 3 ? LookupChance::kCertain : LookupChance::kNone;
      EXPECT_EQ(receive_last(spec).lookup, expected);
    }
  }
}

TEST(Reception, OfOptionsAndExtensionHeaders) {
  using Kind = HeaderPart::Kind;
  PacketSpec spec = spec_of(kUdp4, 9);
  spec.parts = {{Kind::kIpv4Option, 130, {1, 2, 3}}, {Kind::kHopByHop, 1, {}}};
  expect_delivered(spec);
  spec.parts = {{Kind::kIpv4Option, 131, {4, 0, 0, 0, 0}}};  // a source route
  EXPECT_EQ(receive_last(spec).lookup, LookupChance::kNone);

  spec = spec_of(kUdp6, 9);
  spec.parts = {{Kind::kDestination, 0x1e, {1, 2, 3}},
                {Kind::kRouting, 0, {}},
                {Kind::kAtomic, 0, {}},
                {Kind::kHopByHop, 0x3e, {}}};
  expect_delivered(spec);
  spec.fragmentation = Fragmentation{{2}, false, false, false, false, 0};
  spec.payload_bytes = 100;
  spec.parts.pop_back();
  spec.parts.erase(spec.parts.begin());
  expect_delivered(spec);
  spec = spec_of(kUdp6, 9);
  spec.parts = {{Kind::kDestination, 0x80, {}}};  // must be known
  EXPECT_EQ(receive_last(spec).lookup, LookupChance::kNone);

  spec = spec_of(kTcp6, 9);
  spec.parts = {{Kind::kTcpOption, 2, {5, 0xb4}}, {Kind::kTcpOption, 8, {1, 2, 3, 4, 5, 6, 7, 8}}};
  expect_delivered(spec);
  spec.parts = {{Kind::kTcpOption, 19, {}}};
  EXPECT_EQ(receive_last(spec).lookup, LookupChance::kUnknown);
}

// CHECKSUM_BREAK: 76 bytes with UDP's header.
TEST(Reception, AWrongChecksumIsNoticedBeforeOrAfterTheLookup) {
  for (const Packet &packet : {kUdp4, kUdp6, kTcp4, kTcp6}) {
    const uint16_t header = packet.protocol == Protocol::kUdp ? 8 : 20;
    for (const uint16_t length : {75, 76, 77, 78}) {
      PacketSpec spec = spec_of(packet, static_cast<uint16_t>(length - header));
      spec.damages = {{Damage::Kind::kXor, 0, true, header, 0x10, false, false}};
      const Reception reception = receive_last(spec);
      EXPECT_EQ(reception.lookup, length <= 76 ? LookupChance::kNone : LookupChance::kCertain);
      if (length > 76) {
        EXPECT_EQ(reception.after, AfterLookup::kDropped);
      }
    }
  }
}

TEST(Reception, OfWrongLengths) {
  for (const Packet &packet : {kUdp4, kUdp6}) {
    PacketSpec spec = spec_of(packet, 30);
    spec.damages = {{Damage::Kind::kTruncate, 0, false, 40, 0, false, false}};
    EXPECT_EQ(receive_last(spec).lookup, LookupChance::kNone);
    spec.damages = {{Damage::Kind::kExtend, 0, false, 9, 0xee, false, false}};
    expect_delivered(spec);  // padding of the link
    // UDP's length, with a checksum over what there is: not what UDP sums.
    spec.damages = {{Damage::Kind::kSet, 0, true, 5, 20, false, true}};
    EXPECT_EQ(receive_last(spec).lookup, LookupChance::kNone);
    spec.damages = {{Damage::Kind::kSet, 0, true, 5, 200, false, true}};
    EXPECT_EQ(receive_last(spec).lookup, LookupChance::kNone);
  }
}

// The description says what is well formed, the bytes say what is received.
TEST(Reception, WhatIsDescribedAsWellFormedIsLookedUpOnce) {
  FuzzRandom random(4);
  size_t well_formed = 0;
  for (int i = 0; i < 20000; ++i) {
    std::vector<uint8_t> bytes(random.below(500));
    for (uint8_t &byte : bytes) byte = static_cast<uint8_t>(random.next());
    for (const PacketSpec &spec : decode_packets(bytes).packets) {
      if (!is_well_formed(spec) || spec.packet.destination.address.text() == "::1") continue;
      if (spec.form == PacketForm::kError && spec.packet.protocol == Protocol::kTcp) continue;
      ++well_formed;
      size_t lookups = 0;
      for (const Reception &reception : receive_all(spec)) {
        if (reception.lookup == LookupChance::kNone) continue;
        ++lookups;
        ASSERT_EQ(reception.lookup, LookupChance::kCertain);
        ASSERT_EQ(reception.packet, spec.packet);
        ASSERT_EQ(reception.after, AfterLookup::kGoesOn);
      }
      ASSERT_EQ(lookups, 1U);
    }
  }
  EXPECT_GT(well_formed, 1000U);
}

// With the sanitizers: no byte outside is read, whatever the headers say.
TEST(Reception, AnyBytesAreSafe) {
  FuzzRandom random(5);
  Receiver receiver;
  for (int i = 0; i < 50000; ++i) {
    Frame frame(random.below(120));
    for (uint8_t &byte : frame) byte = static_cast<uint8_t>(random.next());
    if (!frame.empty() && random.one_in(2)) frame[0] = random.one_in(2) ? 0x45 : 0x60;
    if (frame.size() > 6 && random.one_in(2)) frame[6] = random.one_in(2) ? 44 : 0;
    fix_transport_checksum(frame);
    fix_ip_checksum(frame);
    frame.shrink_to_fit();
    receiver.receive(frame);
    if (i % 64 == 0) receiver.flush();
  }
}

// Set with the ICMP checksum put right: byte 0 of the transport header is the type, byte 1 the
// code.
Reception receive_icmp_error(uint8_t type, uint8_t code) {
  PacketSpec spec = spec_of(kUdp4, 10);
  spec.form = PacketForm::kError;
  const Damage set_type{Damage::Kind::kSet, 0, true, 0, type, true, true};
  const Damage set_code{Damage::Kind::kSet, 0, true, 1, code, true, true};
  spec.damages = {set_type, set_code};
  return receive_last(spec);
}

TEST(Reception, OfErrorsThatAreNotTold) {
  EXPECT_EQ(receive_icmp_error(11, 0).lookup, LookupChance::kCertain);
  EXPECT_EQ(receive_icmp_error(11, 1).lookup, LookupChance::kNone);
  for (const uint8_t type : {4, 5}) {
    EXPECT_EQ(receive_icmp_error(type, 0).lookup, LookupChance::kPossible);
    EXPECT_EQ(receive_icmp_error(type, 0).after, AfterLookup::kMayBeDropped);
  }
  EXPECT_EQ(receive_icmp_error(3, 4).after, AfterLookup::kMayBeDropped);
  EXPECT_EQ(receive_icmp_error(3, 3).after, AfterLookup::kGoesOn);
}

// The reply to a packet has its recorded route, if another address fits without a rest.
TEST(Reception, RoomOfARecordedRouteDecidesAboutReplies) {
  for (const uint8_t room : {4, 5, 6, 7, 8}) {
    PacketSpec spec = spec_of(kUdp4, 10);
    spec.parts = {{HeaderPart::Kind::kIpv4Option, 7, {4}}};
    spec.parts[0].content.resize(1U + room);
    const Reception reception = receive_last(spec);
    EXPECT_EQ(reception.lookup, LookupChance::kCertain) << unsigned{room};
    EXPECT_EQ(reception.may_lack_reply, room % 4 != 0) << unsigned{room};
  }
}

}  // namespace
}  // namespace sklab
