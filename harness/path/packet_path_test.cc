// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/path/packet_path.h"

#include <bpf/bpf.h>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <linux/bpf.h>

#include <array>
#include <chrono>
#include <optional>
#include <set>
#include <string>

#include "harness/kernel/bpf_stats.h"
#include "harness/kernel/netns_link.h"
#include "harness/kernel/program.h"
#include "harness/model/scenario_text.h"

namespace sklab {
namespace {

constexpr PacketOperation kDatagram = &PacketPath::send_datagram;
constexpr PacketOperation kSyn = &PacketPath::send_syn;
constexpr PacketOperation kStrayAck = &PacketPath::send_stray_ack;
constexpr PacketOperation kData = &PacketPath::send_data;
constexpr PacketOperation kError = &PacketPath::send_port_unreachable;

std::vector<SocketSpec> sockets_of(const std::string &text) {
  const auto scenario = parse_scenario("scenario 1\ndialect pass_drop\n" + text +
                                       "packet udp4 127.0.0.9:1 -> 127.0.0.1:1\n");
  EXPECT_TRUE(scenario) << scenario.error().message();
  return scenario->sockets;
}

// A sk_lookup program that returns SK_PASS or SK_DROP.
UniqueFd load_program(int return_code) {
  const std::array program = {bpf_insn{BPF_ALU64 | BPF_MOV | BPF_K, BPF_REG_0, 0, 0, return_code},
                              bpf_insn{BPF_JMP | BPF_EXIT, 0, 0, 0, 0}};
  LIBBPF_OPTS(bpf_prog_load_opts, options, .expected_attach_type = BPF_SK_LOOKUP);
  UniqueFd fd(bpf_prog_load(BPF_PROG_TYPE_SK_LOOKUP, "packet_path", "Dual BSD/GPL", program.data(),
                            program.size(), &options));
  EXPECT_TRUE(fd.valid());
  return fd;
}

// The same sockets for both protocols and families: {0} is udp4, tcp6 and so on, {1} and {2} are
// addresses of the server, {3} one of the client, {4} the wildcard.
constexpr char kPopulation[] =
    "socket exact {0} {1}:7000\n"
    "socket wildcard {0} {4}:7001\n"
    "socket group_a {0} {1}:7002 reuseport=1\n"
    "socket group_b {0} {1}:7002 reuseport=1\n"
    "socket connected {0} {1}:7003 peer={3}:4000\n"
    "socket remote {0} {2}:7004\n";

// With addresses that a loopback interface has, and such that nobody has.
struct World {
  const char *kind;
  const char *server;
  const char *other_server;
  const char *client;
  const char *any;
};
constexpr World kUdpWorlds[] = {{"udp4", "127.0.0.1", "203.0.113.7", "127.0.0.9", "0.0.0.0"},
                                {"udp6", "[fd00::1]", "[2001:db8::7]", "[fd00::3]", "[::]"},
                                {"udp4", "203.0.113.7", "127.0.0.1", "198.51.100.3", "0.0.0.0"},
                                {"udp6", "[2001:db8::7]", "[fd00::1]", "[2001:db8:1::3]", "[::]"}};
constexpr World kTcpWorlds[] = {{"tcp4", "127.0.0.1", "203.0.113.7", "127.0.0.9", "0.0.0.0"},
                                {"tcp6", "[fd00::1]", "[2001:db8::7]", "[fd00::3]", "[::]"},
                                {"tcp4", "203.0.113.7", "127.0.0.1", "198.51.100.3", "0.0.0.0"},
                                {"tcp6", "[2001:db8::7]", "[fd00::1]", "[2001:db8:1::3]", "[::]"}};

class PacketPathTest : public testing::TestWithParam<World> {
 protected:
  void SetUp() override {
    const World &world = GetParam();
    population_ = sockets_of(fmt::format(kPopulation, world.kind, world.server, world.other_server,
                                         world.client, world.any));
    auto path = PacketPath::create(population_);
    ASSERT_TRUE(path) << path.error().message();
    path_.emplace(std::move(*path));
  }

  bool tcp() const { return GetParam().kind[0] == 't'; }
  // The operation that opens a conversation, and how it is refused.
  PacketOperation first() const { return tcp() ? kSyn : kDatagram; }
  const char *refused() const {
    return tcp() ? "socket=none reply=reset" : "socket=none reply=port_unreachable";
  }
  PacketOperation to_connected() const { return tcp() ? kData : kDatagram; }
  const char *connected() const {
    return tcp() ? "socket=connected reply=ack" : "socket=connected reply=none";
  }

  Packet packet_to(unsigned port, unsigned client_port = 4001) const {
    return packet(GetParam().server, port, client_port);
  }
  Packet packet(const char *server, unsigned port, unsigned client_port) const {
    return {tcp() ? Protocol::kTcp : Protocol::kUdp,
            *parse_endpoint(fmt::format("{}:{}", GetParam().client, client_port)),
            *parse_endpoint(fmt::format("{}:{}", server, port))};
  }

  std::string send(PacketOperation operation, const Packet &packet) {
    const auto delivery = ((*path_).*operation)(packet);
    return delivery ? describe(*delivery, population_) : delivery.error().message();
  }

  // How often an attached program that passes runs for one operation.
  uint64_t count_runs(PacketOperation operation, const Packet &packet) {
    const auto stats = BpfStats::enable();
    const UniqueFd program = load_program(SK_PASS);
    const auto link = NetnsLink::attach(program.get(), path_->netns());
    EXPECT_TRUE(stats && link);
    send(operation, packet);
    return *run_count(program.get());
  }

  std::vector<SocketSpec> population_;
  std::optional<PacketPath> path_;
};

TEST_P(PacketPathTest, ReachesEveryKindOfSocket) {
  const std::string reply = tcp() ? " reply=syn_ack" : " reply=none";
  EXPECT_EQ(send(first(), packet_to(7000)), "socket=exact" + reply);
  EXPECT_EQ(send(first(), packet_to(7001)), "socket=wildcard" + reply);
  EXPECT_EQ(send(first(), packet(GetParam().other_server, 7001, 4001)), "socket=wildcard" + reply);
  EXPECT_EQ(send(first(), packet(GetParam().other_server, 7004, 4001)), "socket=remote" + reply);
  EXPECT_EQ(send(first(), packet_to(7999)), refused());
  // Bound, but not to this address or peer.
  EXPECT_EQ(send(first(), packet_to(7004)), refused());
  EXPECT_EQ(send(first(), packet_to(7003)), refused());
  std::set<std::string> members;
  for (unsigned i = 0; i < 40; ++i) members.insert(send(first(), packet_to(7002, 5000 + i)));
  EXPECT_THAT(members, testing::ElementsAre("socket=group_a" + reply, "socket=group_b" + reply));
}

TEST_P(PacketPathTest, AProgramThatDropsRefuses) {
  const UniqueFd program = load_program(SK_DROP);
  const auto link = NetnsLink::attach(program.get(), path_->netns());
  ASSERT_TRUE(link);
  for (const unsigned port : {7000, 7001, 7002, 7003, 7999}) {
    EXPECT_EQ(send(first(), packet_to(port)), refused()) << port;
  }
  EXPECT_EQ(send(to_connected(), packet_to(7003, 4000)), connected());
}

TEST_P(PacketPathTest, ProgramsRunOnceForAPacketWithoutAConnection) {
  EXPECT_EQ(count_runs(first(), packet_to(7000)), 1U);
  EXPECT_EQ(count_runs(first(), packet_to(7002)), 1U);
  EXPECT_EQ(count_runs(first(), packet_to(7999)), 1U);
  EXPECT_EQ(count_runs(to_connected(), packet_to(7003, 4000)), 0U);
}

// The same addresses and ports again and again: nothing of an operation is left for the next.
TEST_P(PacketPathTest, ThousandsOfPackets) {
  constexpr int kRounds = 1000;
  const std::string taken = tcp() ? "socket=exact reply=syn_ack" : "socket=exact reply=none";
  const auto start = std::chrono::steady_clock::now();
  for (int i = 0; i < kRounds; ++i) {
    ASSERT_EQ(send(first(), packet_to(7000)), taken) << i;
    ASSERT_EQ(send(first(), packet_to(7999)), refused()) << i;
    ASSERT_EQ(send(to_connected(), packet_to(7003, 4000)), connected()) << i;
  }
  const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start;
  RecordProperty("operations_per_second", std::to_string(3 * kRounds / elapsed.count()));
}

TEST_P(PacketPathTest, APopulationCanBeReplacedByTheSame) {
  for (int i = 0; i < 5; ++i) {
    const auto replaced = path_->replace_population(population_);
    ASSERT_TRUE(replaced) << replaced.error().message();
    EXPECT_EQ(send(to_connected(), packet_to(7003, 4000)), connected());
  }
  ASSERT_TRUE(path_->replace_population({}));
  EXPECT_EQ(send(first(), packet_to(7000)), refused());
  EXPECT_EQ(send(first(), packet_to(7003, 4000)), refused());
}

class TcpPacketPathTest : public PacketPathTest {};

TEST_P(TcpPacketPathTest, ASynToAnEstablishedSocketIsChallenged) {
  // RFC 5961, section 4. Also the second one at once: its rate is not limited.
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(send(kSyn, packet_to(7003, 4000)), "socket=none reply=ack");
    EXPECT_EQ(send(kData, packet_to(7003, 4000)), "socket=connected reply=ack");
  }
  EXPECT_EQ(count_runs(kSyn, packet_to(7003, 4000)), 0U);
}

TEST_P(TcpPacketPathTest, AStrayAckIsResetAndRunsProgramsOnce) {
  for (const unsigned port : {7000, 7999}) {
    EXPECT_EQ(send(kStrayAck, packet_to(port)), "socket=none reply=reset") << port;
    EXPECT_EQ(count_runs(kStrayAck, packet_to(port)), 1U) << port;
  }
}

class UdpPacketPathTest : public PacketPathTest {};

TEST_P(UdpPacketPathTest, APortUnreachableReachesTheSocketThatSent) {
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(send(kError, packet_to(7000)), "socket=exact reply=none error=ECONNREFUSED");
    EXPECT_EQ(send(kError, packet_to(7001)), "socket=wildcard reply=none error=ECONNREFUSED");
    EXPECT_EQ(send(kError, packet_to(7003, 4000)),
              "socket=connected reply=none error=ECONNREFUSED");
    EXPECT_EQ(send(kError, packet_to(7999)), "socket=none reply=none");
  }
}

// __udp4_lib_err and __udp6_lib_err look for the socket that sent the quoted datagram as they would
// for one that arrives from its destination.
TEST_P(UdpPacketPathTest, APortUnreachableRunsProgramsOnce) {
  EXPECT_EQ(count_runs(kError, packet_to(7000)), 1U);
  EXPECT_EQ(count_runs(kError, packet_to(7999)), 1U);
  EXPECT_EQ(count_runs(kError, packet_to(7003, 4000)), 0U);
}

// A program that drops has it, and not the socket.
TEST_P(UdpPacketPathTest, AProgramThatDropsTakesErrors) {
  const UniqueFd program = load_program(SK_DROP);
  const auto link = NetnsLink::attach(program.get(), path_->netns());
  ASSERT_TRUE(link);
  EXPECT_EQ(send(kError, packet_to(7000)), "socket=none reply=none");
  EXPECT_EQ(send(kError, packet_to(7003, 4000)), "socket=connected reply=none error=ECONNREFUSED");
}

std::string name_of(const testing::TestParamInfo<World> &info) {
  return fmt::format("{}_{}", info.param.kind, info.index);
}

INSTANTIATE_TEST_SUITE_P(Udp, PacketPathTest, testing::ValuesIn(kUdpWorlds), name_of);
INSTANTIATE_TEST_SUITE_P(Tcp, PacketPathTest, testing::ValuesIn(kTcpWorlds), name_of);
INSTANTIATE_TEST_SUITE_P(Only, UdpPacketPathTest, testing::ValuesIn(kUdpWorlds), name_of);
INSTANTIATE_TEST_SUITE_P(Only, TcpPacketPathTest, testing::ValuesIn(kTcpWorlds), name_of);

// One socket for both families.
TEST(PacketPath, ADualStackSocketHearsBothFamilies) {
  const auto population = sockets_of(
      "socket u udp6 [::]:7000\nsocket t tcp6 [::]:7000\n"
      "socket c udp6 [::ffff:127.0.0.1]:7003 peer=[::ffff:127.0.0.9]:4000\n"
      "socket e tcp6 [::ffff:127.0.0.1]:7003 peer=[::ffff:127.0.0.9]:4000\n");
  auto path = PacketPath::create(population);
  ASSERT_TRUE(path) << path.error().message();
  struct Case {
    PacketOperation operation;
    const char *packet;
    const char *seen;
  };
  constexpr Case kCases[] = {
      {kDatagram, "udp4 127.0.0.9:4000 -> 127.0.0.1:7000", "socket=u reply=none"},
      {kDatagram, "udp6 [fd00::3]:4000 -> [fd00::1]:7000", "socket=u reply=none"},
      {kError, "udp4 127.0.0.9:4000 -> 127.0.0.1:7000", "socket=u reply=none error=ECONNREFUSED"},
      {kError, "udp6 [fd00::3]:4000 -> [fd00::1]:7000", "socket=u reply=none error=ECONNREFUSED"},
      {kSyn, "tcp4 127.0.0.9:4000 -> 127.0.0.1:7000", "socket=t reply=syn_ack"},
      {kSyn, "tcp6 [fd00::3]:4000 -> [fd00::1]:7000", "socket=t reply=syn_ack"},
      {kDatagram, "udp4 127.0.0.9:4000 -> 127.0.0.1:7003", "socket=c reply=none"},
      {kError, "udp4 127.0.0.9:4000 -> 127.0.0.1:7003", "socket=c reply=none error=ECONNREFUSED"},
      {kData, "tcp4 127.0.0.9:4000 -> 127.0.0.1:7003", "socket=e reply=ack"}};
  for (const Case &c : kCases) {
    const auto scenario =
        parse_scenario(fmt::format("scenario 1\ndialect pass_drop\npacket {}\n", c.packet));
    ASSERT_TRUE(scenario) << scenario.error().message();
    const auto delivery = ((*path).*c.operation)(scenario->packet);
    ASSERT_TRUE(delivery) << delivery.error().message();
    EXPECT_EQ(describe(*delivery, population), c.seen) << c.packet;
  }
}

TEST(PacketPath, WhatCannotBeSentIsRefused) {
  auto path = PacketPath::create({});
  ASSERT_TRUE(path) << path.error().message();
  const Packet udp{Protocol::kUdp, *parse_endpoint("127.0.0.9:1"), *parse_endpoint("127.0.0.1:1")};
  const Packet tcp{Protocol::kTcp, udp.source, udp.destination};
  const Packet loopback{Protocol::kUdp, *parse_endpoint("[fd00::3]:1"), *parse_endpoint("[::1]:1")};
  const Packet mixed{Protocol::kUdp, udp.source, loopback.source};
  EXPECT_EQ(path->send_syn(udp).error().kind, ErrorKind::kUsage);
  EXPECT_EQ(path->send_datagram(tcp).error().kind, ErrorKind::kUsage);
  EXPECT_EQ(path->send_datagram(mixed).error().kind, ErrorKind::kUsage);
  EXPECT_EQ(path->send_data(tcp).error().error_number, ENOTCONN);
  EXPECT_EQ(path->send_datagram(loopback).error().kind, ErrorKind::kUnavailable);
}

}  // namespace
}  // namespace sklab
