// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/path/packet_headers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <random>

namespace sklab {
namespace {

using Bytes = std::vector<uint8_t>;

Endpoint endpoint(const char *text) { return *parse_endpoint(text); }

constexpr std::array<std::array<const char *, 2>, 3> kEnds = {
    {{"127.0.0.9:4000", "127.0.0.1:7000"},
     {"198.51.100.1:1", "203.0.113.255:65535"},
     {"[fd00::3]:40000", "[2001:db8::1]:53"}}};

// Payloads of odd and even length, and such that the sum carries.
std::vector<Bytes> payloads() {
  return {{}, {1}, {0xff, 0xff}, {1, 2, 3}, Bytes(64, 0xff), Bytes(1001, 0x5a)};
}

// The checksum of what IP carries, with the addresses as RFC 768 and RFC 8200 (8.1) have them.
uint16_t transport_checksum(const Bytes &packet) {
  const bool ipv4 = packet[0] >> 4U == 4;
  const size_t header = ipv4 ? 20 : 40;
  const size_t addresses = ipv4 ? 12 : 8;
  const uint8_t protocol = ipv4 ? packet[9] : packet[6];
  const size_t length = packet.size() - header;
  Bytes summed(packet.begin() + static_cast<ptrdiff_t>(addresses), packet.end());
  if (protocol == 1) summed.assign(packet.begin() + static_cast<ptrdiff_t>(header), packet.end());
  const bool pseudo_header = protocol != 1;
  return internet_checksum(summed, pseudo_header ? protocol + static_cast<uint32_t>(length) : 0);
}

void expect_right_checksums(const Bytes &packet) {
  EXPECT_EQ(transport_checksum(packet), 0);
  if (packet[0] >> 4U == 4) {
    EXPECT_EQ(internet_checksum(std::span(packet).first(20)), 0);
  }
}

// RFC 1071, section 3.
TEST(InternetChecksum, Rfc1071Example) {
  constexpr std::array<uint8_t, 8> kBytes = {0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7};
  EXPECT_EQ(internet_checksum(kBytes), static_cast<uint16_t>(~0xddf2U));
  EXPECT_EQ(internet_checksum({}), 0xffff);
}

// Checksums from another implementation (Python, by the formula in RFC 1071).
TEST(BuildPacket, KnownBytesOfAUdpDatagram) {
  const Bytes expected = {0x45, 0,    0,    30,   0, 0,  0x40, 0,    64,   17,  0x3c, 0xc5,  // IPv4
                          127,  0,    0,    9,  // source
                          127,  0,    0,    1,  // destination
                          0x0f, 0xa0, 0x1b, 0x58, 0, 10, 0x8e, 0x6e, 0x48, 0x69};
  const Bytes built =
      build_udp(endpoint("127.0.0.9:4000"), endpoint("127.0.0.1:7000"), Bytes{0x48, 0x69});
  EXPECT_EQ(built, expected);
}

TEST(BuildPacket, KnownBytesOfATcpSyn) {
  const Bytes expected = {
      0x60, 0,    0,    0,    0,    20,   6, 64,                          // IPv6
      0xfd, 0,    0,    0,    0,    0,    0, 0,  0, 0, 0, 0, 0, 0, 0, 3,  // source
      0xfd, 0,    0,    0,    0,    0,    0, 0,  0, 0, 0, 0, 0, 0, 0, 1,  // destination
      0x0f, 0xa0, 0x1b, 0x58, 0,    1,    0, 0,  0, 0, 0, 0,              // numbers
      0x50, 0x02, 0xff, 0xff, 0x8a, 0xe4, 0, 0};
  const Bytes built =
      build_tcp(endpoint("[fd00::3]:4000"), endpoint("[fd00::1]:7000"), {kTcpSyn, 0x10000, 0});
  EXPECT_EQ(built, expected);
}

TEST(BuildAndParse, Udp) {
  for (const auto &[from, to] : kEnds) {
    for (const Bytes &payload : payloads()) {
      const Bytes packet = build_udp(endpoint(from), endpoint(to), payload);
      expect_right_checksums(packet);
      const auto parsed = parse_packet(packet);
      ASSERT_TRUE(parsed);
      EXPECT_EQ(parsed->kind, PacketKind::kUdp);
      EXPECT_EQ(parsed->source, endpoint(from));
      EXPECT_EQ(parsed->destination, endpoint(to));
      EXPECT_THAT(parsed->payload, testing::ElementsAreArray(payload));
    }
  }
}

TEST(BuildAndParse, Tcp) {
  constexpr std::array<TcpFields, 4> kFields = {TcpFields{kTcpSyn, 0, 0},
                                                {kTcpAck | kTcpPush, 0x01020304, 0xfffefdfc},
                                                {kTcpReset, 0xffffffff, 0},
                                                {kTcpFin | kTcpAck, 7, 0x80000000}};
  for (const auto &[from, to] : kEnds) {
    for (const TcpFields &fields : kFields) {
      for (const Bytes &payload : payloads()) {
        const Bytes packet = build_tcp(endpoint(from), endpoint(to), fields, payload);
        expect_right_checksums(packet);
        const auto parsed = parse_packet(packet);
        ASSERT_TRUE(parsed);
        EXPECT_EQ(parsed->kind, PacketKind::kTcp);
        EXPECT_EQ(parsed->source, endpoint(from));
        EXPECT_EQ(parsed->destination, endpoint(to));
        EXPECT_EQ(parsed->tcp, fields);
        EXPECT_THAT(parsed->payload, testing::ElementsAreArray(payload));
      }
    }
  }
}

// As a host answers it: by turning the type around.
TEST(BuildAndParse, Echo) {
  for (const auto &[from, to] : kEnds) {
    Bytes packet = build_echo_request(endpoint(from).address, endpoint(to).address, 0x12345678);
    expect_right_checksums(packet);
    const bool ipv4 = packet[0] >> 4U == 4;
    packet[ipv4 ? 20 : 40] = ipv4 ? 0 : 129;
    const auto parsed = parse_packet(packet);
    ASSERT_TRUE(parsed);
    EXPECT_EQ(parsed->kind, PacketKind::kEchoReply);
    EXPECT_EQ(parsed->echo_identifier, 0x12345678U);
  }
}

TEST(BuildAndParse, Unreachable) {
  struct Case {
    Unreachable reason;
    uint8_t ipv4_code;
    uint8_t ipv6_code;
  };
  constexpr Case kCases[] = {
      {Unreachable::kPort, 3, 4}, {Unreachable::kHost, 1, 3}, {Unreachable::kProhibited, 13, 1}};
  for (const auto &[from, to] : kEnds) {
    for (const Case &c : kCases) {
      for (const Protocol protocol : {Protocol::kUdp, Protocol::kTcp}) {
        const Packet about{protocol, endpoint(to), endpoint(from)};
        const Bytes quoted = protocol == Protocol::kUdp
                                 ? build_udp(about.source, about.destination, Bytes{1, 2, 3})
                                 : build_tcp(about.source, about.destination, {kTcpSyn, 1, 2});
        const Bytes packet =
            build_unreachable(about.destination.address, about.source.address, c.reason, quoted);
        expect_right_checksums(packet);
        const auto parsed = parse_packet(packet);
        ASSERT_TRUE(parsed);
        const bool ipv4 = about.source.address.family == Family::kIpv4;
        EXPECT_EQ(parsed->kind, PacketKind::kUnreachable);
        EXPECT_EQ(parsed->icmp_type, ipv4 ? 3 : 1);
        EXPECT_EQ(parsed->icmp_code, ipv4 ? c.ipv4_code : c.ipv6_code);
        EXPECT_EQ(parsed->reason, c.reason);
        EXPECT_EQ(parsed->quoted, about);
      }
    }
  }
}

// A UDP checksum of 0 would mean that there is none.
TEST(BuildPacket, AUdpChecksumIsNeverZero) {
  bool met = false;
  for (uint32_t i = 0; i <= 0xffff; ++i) {
    const Bytes payload = {static_cast<uint8_t>(i >> 8U), static_cast<uint8_t>(i)};
    const Bytes packet = build_udp(endpoint("127.0.0.9:4000"), endpoint("127.0.0.1:7000"), payload);
    const unsigned checksum = (packet[26] << 8U) | packet[27];
    ASSERT_NE(checksum, 0U);
    met = met || checksum == 0xffff;
  }
  EXPECT_TRUE(met);
}

TEST(ParsePacket, ATruncatedPacketIsNone) {
  for (const auto &[from, to] : kEnds) {
    const Bytes packet = build_tcp(endpoint(from), endpoint(to), {kTcpSyn, 1, 2}, Bytes{1, 2});
    for (size_t length = 0; length < packet.size(); ++length) {
      EXPECT_FALSE(parse_packet(std::span(packet).first(length))) << length;
    }
  }
}

// With the sanitizers: no byte outside is read, whatever the headers say.
TEST(ParsePacket, AnyBytesAreSafe) {
  std::mt19937 random(1);
  const Endpoint from = endpoint("127.0.0.9:4000");
  const Endpoint to = endpoint("127.0.0.1:7000");
  const Bytes quoted = build_udp(to, from, Bytes{1, 2, 3});
  const std::vector<Bytes> seeds = {
      build_tcp(from, to, {kTcpSyn, 1, 2}), quoted,
      build_unreachable(from.address, to.address, Unreachable::kPort, quoted),
      build_tcp(endpoint("[fd00::3]:1"), endpoint("[fd00::1]:2"), {kTcpAck, 1, 2})};
  for (int i = 0; i < 50000; ++i) {
    Bytes packet = seeds[random() % seeds.size()];
    for (unsigned changes = random() % 6; changes > 0; --changes) {
      packet[random() % packet.size()] = static_cast<uint8_t>(random());
    }
    packet.resize(random() % (packet.size() + 1));
    packet.shrink_to_fit();
    if (const auto parsed = parse_packet(packet)) {
      EXPECT_FALSE(describe(*parsed).empty());
    }
  }
}

TEST(ParsePacket, Describe) {
  const auto syn =
      build_tcp(endpoint("127.0.0.9:4000"), endpoint("127.0.0.1:7000"), {kTcpSyn, 5, 6});
  EXPECT_EQ(describe(*parse_packet(syn)),
            "tcp 127.0.0.9:4000 -> 127.0.0.1:7000 flags=0x02 sequence=5 acknowledgement=6");
}

}  // namespace
}  // namespace sklab
