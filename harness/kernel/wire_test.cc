// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/kernel/wire.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <optional>
#include <vector>

#include "harness/kernel/socket_address.h"

namespace sklab {
namespace {

using Bytes = std::vector<uint8_t>;

constexpr int kTimeLimitMs = 5000;
constexpr int kSilenceMs = 50;

// "Hi" by UDP from 127.0.0.9:4000 to 127.0.0.1:7000.
const Bytes kDatagram = {0x45, 0,    0,    30,   0, 0,  0x40, 0,    64,   17,
                         0x3c, 0xc5, 127,  0,    0, 9,  127,  0,    0,    1,
                         0x0f, 0xa0, 0x1b, 0x58, 0, 10, 0x8e, 0x6e, 0x48, 0x69};
// A TCP SYN from [fd00::3]:4000 to [fd00::1]:7000.
const Bytes kSyn = {
    0x60, 0,    0,    0,    0, 20, 6, 64,                                   // IPv6
    0xfd, 0,    0,    0,    0, 0,  0, 0,  0, 0, 0, 0, 0,    0,    0,    3,  // source
    0xfd, 0,    0,    0,    0, 0,  0, 0,  0, 0, 0, 0, 0,    0,    0,    1,  // destination
    0x0f, 0xa0, 0x1b, 0x58, 0, 1,  0, 0,  0, 0, 0, 0, 0x50, 0x02, 0xff, 0xff, 0x8a, 0xe4, 0, 0};

class WireTest : public testing::Test {
 protected:
  void SetUp() override {
    auto server = Netns::create();
    ASSERT_TRUE(server) << server.error().message();
    server_.emplace(std::move(*server));
    auto wire = Wire::attach(*server_);
    ASSERT_TRUE(wire) << wire.error().message();
    wire_.emplace(std::move(*wire));
  }

  // In the server.
  UniqueFd udp_socket(const char *local) const {
    const auto inside = ScopedNetns::enter(*server_);
    const Endpoint endpoint = *parse_endpoint(local);
    const Family family = endpoint.address.family;
    UniqueFd fd(
        ::socket(family == Family::kIpv4 ? AF_INET : AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    const timeval timeout{kTimeLimitMs / 1000, 0};
    EXPECT_EQ(::setsockopt(fd.get(), SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof(timeout)), 0);
    const SocketAddress name(endpoint, family);
    EXPECT_EQ(::bind(fd.get(), name.get(), name.size()), 0) << local << ": " << errno;
    return fd;
  }

  // The next packet of this version and protocol; IPv6 also announces itself now and then.
  Bytes receive(unsigned version, uint8_t protocol, int timeout_ms = kTimeLimitMs) {
    while (true) {
      const auto packet = wire_->receive(buffer_, timeout_ms);
      EXPECT_TRUE(packet) << packet.error().message();
      if (!packet || packet->empty()) return {};
      const bool same = (*packet)[0] >> 4U == version;
      if (same && (*packet)[version == 4 ? 9 : 6] == protocol) {
        return {packet->begin(), packet->end()};
      }
    }
  }

  std::optional<Netns> server_;
  std::optional<Wire> wire_;
  std::array<uint8_t, 2048> buffer_{};
};

TEST_F(WireTest, ADatagramArrivesAndItsSourceIsKept) {
  const UniqueFd socket = udp_socket("127.0.0.1:7000");
  ASSERT_TRUE(wire_->send(kDatagram));
  std::array<char, 8> payload{};
  sockaddr_in from{};
  socklen_t size = sizeof(from);
  auto *address = reinterpret_cast<sockaddr *>(&from);
  ASSERT_EQ(::recvfrom(socket.get(), payload.data(), payload.size(), 0, address, &size), 2);
  EXPECT_STREQ(payload.data(), "Hi");
  EXPECT_EQ(ntohs(from.sin_port), 4000);
  EXPECT_EQ(ntohl(from.sin_addr.s_addr), 0x7f000009U);
}

TEST_F(WireTest, TheServerAnswersThroughTheWire) {
  ASSERT_TRUE(wire_->send(kSyn));
  const Bytes reply = receive(6, IPPROTO_TCP);
  ASSERT_EQ(reply.size(), 60U);
  // Ports, numbers and flags of the reset: RFC 9293, 3.10.7.1.
  EXPECT_THAT(Bytes(reply.begin() + 40, reply.begin() + 54),
              testing::ElementsAre(0x1b, 0x58, 0x0f, 0xa0, 0, 0, 0, 0, 0, 1, 0, 1, 0x50, 0x14));
}

struct Direction {
  const char *from;
  const char *to;
};
// Also between addresses that the server itself and the client's loopback interface have.
constexpr Direction kDirections[] = {{"127.0.0.1:7000", "127.0.0.9:4000"},
                                     {"203.0.113.7:7000", "198.51.100.3:4000"},
                                     {"[fd00::1]:7000", "[fd00::2]:4000"},
                                     {"[2001:db8::7]:7000", "[2001:db8:1::3]:4000"}};

TEST_F(WireTest, WhatTheServerSendsIsNotAnswered) {
  for (const Direction &d : kDirections) {
    const UniqueFd socket = udp_socket(d.from);
    const Endpoint peer = *parse_endpoint(d.to);
    const SocketAddress to(peer, peer.address.family);
    const unsigned version = peer.address.family == Family::kIpv4 ? 4 : 6;
    ASSERT_EQ(::connect(socket.get(), to.get(), to.size()), 0) << d.to << ": " << errno;
    ASSERT_EQ(::send(socket.get(), "x", 1, 0), 1) << d.to;
    EXPECT_FALSE(receive(version, IPPROTO_UDP).empty()) << d.to;
    // An ICMP error would be this socket's.
    EXPECT_TRUE(receive(version, IPPROTO_UDP, kSilenceMs).empty());
    int error = -1;
    socklen_t size = sizeof(error);
    ASSERT_EQ(::getsockopt(socket.get(), SOL_SOCKET, SO_ERROR, &error, &size), 0);
    EXPECT_EQ(error, 0) << d.to;
  }
}

TEST_F(WireTest, ANetnsHasOneWire) {
  const auto second = Wire::attach(*server_);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().error_number, EEXIST);
}

TEST_F(WireTest, APacketThatIsTooLongIsNotSent) {
  const auto sent = wire_->send(Bytes(1501, 0x45));
  ASSERT_FALSE(sent);
  EXPECT_EQ(sent.error().error_number, EMSGSIZE);
}

}  // namespace
}  // namespace sklab
