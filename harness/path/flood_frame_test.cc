// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/path/flood_frame.h"

#include <gtest/gtest.h>

#include <cstring>

#include "harness/path/packet_headers.h"

namespace sklab {
namespace {

constexpr std::array<uint8_t, 14> kHeader{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 8, 0};

Packet packet_of(Protocol protocol, bool ipv6) {
  if (ipv6) {
    return {protocol, *parse_endpoint("[2001:db8::9]:20000"), *parse_endpoint("[2001:db8::1]:53")};
  }
  return {protocol, *parse_endpoint("198.51.100.9:20000"), *parse_endpoint("192.0.2.1:7000")};
}

TEST(FloodFrameTest, WithEveryPortItIsThePacketThatIsBuiltOtherwise) {
  for (const Protocol protocol : {Protocol::kUdp, Protocol::kTcp}) {
    for (const bool ipv6 : {false, true}) {
      Packet packet = packet_of(protocol, ipv6);
      const FloodFrame frame = make_flood_frame(kHeader, {packet});
      EXPECT_EQ(std::memcmp(frame.bytes.data(), kHeader.data(), kHeader.size()), 0);
      for (uint32_t port = 0; port <= UINT16_MAX; ++port) {
        packet.source.port = static_cast<uint16_t>(port);
        const auto whole = protocol == Protocol::kTcp
                               ? build_tcp(packet.source, packet.destination, {kTcpSyn, 1, 0})
                               : build_udp(packet.source, packet.destination, {});
        const auto bytes = with_source_port(frame, packet, packet.source.port);
        ASSERT_EQ(std::memcmp(&bytes[kHeader.size()], whole.data(), whole.size()), 0)
            << port << " ipv6 " << ipv6;
      }
    }
  }
}

TEST(FloodFrameTest, ABadChecksumIsBadWithEveryPort) {
  for (const bool ipv6 : {false, true}) {
    Packet packet = packet_of(Protocol::kUdp, ipv6);
    const FloodFrame good = make_flood_frame(kHeader, {packet});
    const FloodFrame bad = make_flood_frame(kHeader, {packet, FloodFate::kBadChecksum});
    for (uint32_t port = 0; port <= UINT16_MAX; ++port) {
      packet.source.port = static_cast<uint16_t>(port);
      ASSERT_NE(with_source_port(good, packet, packet.source.port),
                with_source_port(bad, packet, packet.source.port))
          << port;
    }
  }
}

TEST(FloodFrameTest, HasEthernetsLeastLengthAndTheHopLimit) {
  const FloodFrame frame =
      make_flood_frame(kHeader, {packet_of(Protocol::kUdp, false), FloodFate::kLowHopLimit});
  EXPECT_EQ(frame.bytes.size(), 60U);
  EXPECT_EQ(frame.bytes[14 + 8], 63);
  EXPECT_EQ(internet_checksum(std::span(frame.bytes).subspan(14, 20)), 0);
  EXPECT_EQ(make_flood_frame(kHeader, {packet_of(Protocol::kTcp, true), FloodFate::kLowHopLimit})
                .bytes[14 + 7],
            63);
}

}  // namespace
}  // namespace sklab
