// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/conform/placement.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <fmt/format.h>
#include <linux/if_link.h>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <sys/socket.h>

#include <cerrno>

#include "harness/conform/placement_local.h"
#include "harness/conform/raw_program.h"
#include "harness/conform/witness.h"
#include "harness/kernel/interface.h"
#include "harness/kernel/netns_link.h"
#include "harness/model/scenario_text.h"
#include "harness/path/packet_path.h"
#include "harness/path/scenario_packet.h"

namespace sklab {
namespace {

// What arrives on the wire.
constexpr PacketOperation kDatagram = &PacketPath::send_datagram;
constexpr PacketOperation kSyn = &PacketPath::send_syn;
constexpr PacketOperation kStrayAck = &PacketPath::send_stray_ack;
constexpr PacketOperation kData = &PacketPath::send_data;
constexpr PacketOperation kPortUnreachable = &PacketPath::send_port_unreachable;

struct WireCase {
  const char *name;
  const char *sockets;
  const char *packet;
  PacketOperation arriving;
  uint64_t runs;
  const char *expected;  // as Delivery is described
};

constexpr char kFour[] = "udp4 127.0.0.9:4000 -> 127.0.0.1:7000";
constexpr char kSix[] = "udp6 [fd00::3]:4000 -> [fd00::1]:7000";
constexpr char kTcpFour[] = "tcp4 127.0.0.9:4000 -> 127.0.0.1:7000";
constexpr char kTcpSix[] = "tcp6 [fd00::3]:4000 -> [fd00::1]:7000";
constexpr char kConnected4[] = "socket s udp4 127.0.0.1:7000 peer=127.0.0.9:4000\n";
constexpr char kConnected6[] = "socket s udp6 [fd00::1]:7000 peer=[fd00::3]:4000\n";
constexpr char kEstablished4[] = "socket s tcp4 127.0.0.1:7000 peer=127.0.0.9:4000\n";
constexpr char kEstablished6[] = "socket s tcp6 [fd00::1]:7000 peer=[fd00::3]:4000\n";

constexpr WireCase kWireCases[] = {
    {"UDP datagram, IPv4", "socket s udp4 127.0.0.1:7000\n", kFour, kDatagram, 1,
     "socket=s reply=none"},
    {"UDP datagram, IPv6", "socket s udp6 [fd00::1]:7000\n", kSix, kDatagram, 1,
     "socket=s reply=none"},
    {"UDP datagram, IPv4 to an IPv6 socket", "socket s udp6 [::]:7000\n", kFour, kDatagram, 1,
     "socket=s reply=none"},
    {"UDP datagram that no socket takes", "", kFour, kDatagram, 1,
     "socket=none reply=port_unreachable"},
    {"UDP datagram for a connected socket, IPv4", kConnected4, kFour, kDatagram, 0,
     "socket=s reply=none"},
    {"UDP datagram for a connected socket, IPv6", kConnected6, kSix, kDatagram, 0,
     "socket=s reply=none"},
    {"UDP datagram from another than the peer", kConnected4,
     "udp4 127.0.0.9:4001 -> 127.0.0.1:7000", kDatagram, 1, "socket=none reply=port_unreachable"},
    {"TCP SYN and the rest of a handshake, IPv4", "socket s tcp4 127.0.0.1:7000\n", kTcpFour, kSyn,
     1, "socket=s reply=syn_ack"},
    {"TCP SYN and the rest of a handshake, IPv6", "socket s tcp6 [fd00::1]:7000\n", kTcpSix, kSyn,
     1, "socket=s reply=syn_ack"},
    {"TCP SYN, IPv4 to an IPv6 socket", "socket s tcp6 [::]:7000\n", kTcpFour, kSyn, 1,
     "socket=s reply=syn_ack"},
    {"TCP SYN that no socket takes", "", kTcpFour, kSyn, 1, "socket=none reply=reset"},
    {"TCP SYN of an established connection", kEstablished4, kTcpFour, kSyn, 0,
     "socket=none reply=ack"},
    {"TCP data of an established connection, IPv4", kEstablished4, kTcpFour, kData, 0,
     "socket=s reply=ack"},
    {"TCP data of an established connection, IPv6", kEstablished6, kTcpSix, kData, 0,
     "socket=s reply=ack"},
    {"TCP ACK without a connection, IPv4", "socket s tcp4 127.0.0.1:7000\n", kTcpFour, kStrayAck, 1,
     "socket=none reply=reset"},
    {"TCP ACK without a connection, IPv6", "", kTcpSix, kStrayAck, 1, "socket=none reply=reset"},
    {"ICMP error about UDP, IPv4", "socket s udp4 127.0.0.1:7000\n", kFour, kPortUnreachable, 1,
     "socket=s reply=none error=ECONNREFUSED"},
    {"ICMP error about UDP, IPv6", "socket s udp6 [fd00::1]:7000\n", kSix, kPortUnreachable, 1,
     "socket=s reply=none error=ECONNREFUSED"},
    {"ICMP error for a connected socket, IPv4", kConnected4, kFour, kPortUnreachable, 0,
     "socket=s reply=none error=ECONNREFUSED"},
    {"ICMP error for a connected socket, IPv6", kConnected6, kSix, kPortUnreachable, 0,
     "socket=s reply=none error=ECONNREFUSED"},
};

Result<> check_wire_case(const WireCase &test, Case &result) {
  SKLAB_TRY(const Scenario scenario,
            parse_scenario(fmt::format("scenario 1\ndialect pass_drop\n{}packet {}\n", test.sockets,
                                       test.packet)));
  SKLAB_TRY(PacketPath path, PacketPath::create(scenario.sockets));
  SKLAB_TRY(const uint32_t interface, path.interface_index());
  SKLAB_TRY(Witness witness, Witness::create(SK_PASS));
  SKLAB_TRY(const NetnsLink link, NetnsLink::attach(witness.fd(), path.netns()));
  SKLAB_TRY(const Delivery delivery, (path.*test.arriving)(scenario.packet));
  const std::string got = describe(delivery, scenario.sockets);
  result.check(got == test.expected,
               [&] { return fmt::format("expected {}, got {}", test.expected, got); });
  SKLAB_TRY(const uint64_t runs, witness.take_runs());
  result.check(runs == test.runs,
               [&] { return fmt::format("expected {} runs, got {}", test.runs, runs); });
  if (test.runs == 0) return Ok{};
  // The lookup of an ICMP error is that of a packet from the peer: its addresses are swapped back
  // (__udp4_lib_err).
  SKLAB_TRY(const ContextBytes seen, witness.context());
  const ContextBytes expected = context_of(scenario.packet, interface);
  result.check(seen == expected,
               [&] { return "expected " + describe(expected) + ", saw " + describe(seen); });
  return Ok{};
}

struct AddressKind {
  const char *name;
  Family family;
  const char *server;
  const char *client;
};

constexpr AddressKind kAddressKinds[] = {{"IPv4", Family::kIpv4, "127.0.0.1", "127.0.0.9"},
                                         {"IPv6", Family::kIpv6, "[fd00::1]", "[fd00::3]"}};

// {0} is the number in udp4 and tcp6, {1} an address of the server, {2} the client's.
constexpr char kUdpPopulation[] =
    "socket s udp{0} {1}:7000\nsocket other udp{0} {1}:7001\n"
    "socket connected udp{0} {1}:7002 peer={2}:4000\n";
// `silent` becomes a listener that does not answer a sender as far away as a hop. All others answer
// a stray ACK in the same way, as does the kernel when there is no listener.
constexpr char kTcpPopulation[] = "socket s tcp{0} {1}:7000\nsocket silent tcp{0} {1}:7001\n";
constexpr size_t kSilent = 1;

// What is neither a datagram nor a SYN meets programs that do something.
struct SteeredCase {
  const char *name;
  PacketOperation arriving;
  uint16_t port;
  const char *programs;
  const char *expected;  // as PacketObservation is described
};

constexpr SteeredCase kSteeredCases[] = {
    {"ICMP error, refused", kPortUnreachable, 7000, "program drop\n",
     "socket=none runs=1 assigns=[] reply=none"},
    {"ICMP error, steered", kPortUnreachable, 7000, "program assign other; pass\n",
     "socket=other runs=1 assigns=[0] reply=none error=ECONNREFUSED"},
    {"ICMP error, refused by the program that steered", kPortUnreachable, 7000,
     "program assign other; drop\n", "socket=none runs=1 assigns=[0] reply=none"},
    {"ICMP error, refused by one program and steered by the next", kPortUnreachable, 7000,
     "program drop\nprogram assign other; pass\n",
     "socket=other runs=1,1 assigns=[][0] reply=none error=ECONNREFUSED"},
    {"ICMP error for a connected socket, not refused", kPortUnreachable, 7002, "program drop\n",
     "socket=connected runs=0 assigns=[] reply=none error=ECONNREFUSED"},
    {"ICMP error for a connected socket, not steered", kPortUnreachable, 7002,
     "program assign other; pass\n",
     "socket=connected runs=0 assigns=[] reply=none error=ECONNREFUSED"},
    {"TCP ACK without a connection, for the silent listener", kStrayAck, 7001, "program pass\n",
     "socket=none runs=1 assigns=[] reply=none"},
    {"TCP ACK without a connection, refused", kStrayAck, 7001, "program drop\n",
     "socket=none runs=1 assigns=[] reply=reset"},
    {"TCP ACK without a connection, steered", kStrayAck, 7000, "program assign silent; pass\n",
     "socket=none runs=1 assigns=[0] reply=none"},
    {"TCP ACK without a connection, steered away", kStrayAck, 7001, "program assign s; pass\n",
     "socket=none runs=1 assigns=[0] reply=reset"},
    {"TCP ACK without a connection, refused by the program that steered", kStrayAck, 7000,
     "program assign silent; drop\n", "socket=none runs=1 assigns=[0] reply=reset"},
    {"TCP ACK without a connection, refused by one program and steered by the next", kStrayAck,
     7000, "program drop\nprogram assign silent; pass\n",
     "socket=none runs=1,1 assigns=[][0] reply=none"},
};

Result<Scenario> scenario_of(const SteeredCase &test, const AddressKind &kind) {
  const int number = kind.family == Family::kIpv4 ? 4 : 6;
  const bool tcp = test.arriving == kStrayAck;
  const std::string population =
      tcp ? fmt::format(kTcpPopulation, number, kind.server, kind.client)
          : fmt::format(kUdpPopulation, number, kind.server, kind.client);
  return parse_scenario(
      fmt::format("scenario 1\ndialect pass_drop\n{}{}packet {}{} {}:4000 -> {}:{}\n", population,
                  test.programs, tcp ? "tcp" : "udp", number, kind.client, kind.server, test.port));
}

// Packets that were forwarded before they came (RFC 5082) are dropped without an answer.
Result<> silence(int fd, Family family) {
  const bool ipv4 = family == Family::kIpv4;
  const int hops = 255;
  if (::setsockopt(fd, ipv4 ? +IPPROTO_IP : +IPPROTO_IPV6, ipv4 ? IP_MINTTL : IPV6_MINHOPCOUNT,
                   &hops, sizeof(hops)) == 0) {
    return Ok{};
  }
  return fail("set", ipv4 ? "IP_MINTTL" : "IPV6_MINHOPCOUNT", errno);
}

Result<> check_steered(ScenarioPacket &path, const SteeredCase &test, const AddressKind &kind,
                       Case &result) {
  SKLAB_TRY(const Scenario scenario, scenario_of(test, kind));
  SKLAB_CHECK(path.populate(scenario));
  if (scenario.packet.protocol == Protocol::kTcp) {
    SKLAB_CHECK(silence(path.path().sockets().fd(kSilent), kind.family));
  }
  SKLAB_TRY(const PacketObservation observed, path.send(scenario, test.arriving));
  const std::string got = describe(observed, scenario);
  result.check(got == test.expected,
               [&] { return fmt::format("expected {}, got {}", test.expected, got); });
  return Ok{};
}

void check_steered_cases(CaseLog &log) {
  auto path = ScenarioPacket::create();
  for (const SteeredCase &test : kSteeredCases) {
    for (const AddressKind &kind : kAddressKinds) {
      log.run(fmt::format("{}, {}", test.name, kind.name), [&](Case &result) -> Result<> {
        if (!path) return tl::unexpected(path.error());
        return check_steered(*path, test, kind, result);
      });
    }
  }
}

// A veth merges packets only when it asked for that and its peer does not send whole segments
// (veth_skb_is_eligible_for_gro); with an XDP program on it the peer does not (veth_fix_features).
Result<> receive_through_gro(const PacketPath &path) {
  using namespace instructions;
  const LoadAttempt program = attempt_load(Code(move(BPF_REG_0, XDP_PASS), leave()).all(),
                                           BPF_PROG_TYPE_XDP, bpf_attach_type{});
  if (!program.accepted()) return fail("load", "an XDP program", program.error_number);
  SKLAB_TRY(const uint32_t interface, path.interface_index());
  SKLAB_TRY(const ScopedNetns inside, ScopedNetns::enter(path.netns()));
  SKLAB_CHECK(Interfaces::turn_on_gro(kWireInterface));
  const int error =
      bpf_xdp_attach(static_cast<int>(interface), program.fd.get(), XDP_FLAGS_DRV_MODE, nullptr);
  if (error == 0) return Ok{};
  return fail("attach an XDP program to", kWireInterface, -error);
}

// While there is a socket for tunnelled datagrams on the machine, GRO looks up whom a datagram is
// for before it merges it with others (udp4_gro_receive, udp6_gro_receive). Each family has a
// switch of its own for that (udp_encap_needed_key, udpv6_encap_needed_key).
Result<> check_gro(const AddressKind &kind, Case &result) {
  SKLAB_TRY(
      const Scenario scenario,
      parse_scenario(fmt::format("scenario 1\ndialect pass_drop\n"
                                 "socket s udp{0} {1}:7000\n"
                                 "socket tunnel udp{0} {1}:7001\n"
                                 "packet udp{0} {2}:4000 -> {1}:7000\n",
                                 kind.family == Family::kIpv4 ? 4 : 6, kind.server, kind.client)));
  SKLAB_TRY(PacketPath path, PacketPath::create(scenario.sockets));
  SKLAB_CHECK(receive_through_gro(path));
  SKLAB_TRY(Witness witness, Witness::create(SK_PASS));
  SKLAB_TRY(const NetnsLink link, NetnsLink::attach(witness.fd(), path.netns()));
  const int tunnel = UDP_ENCAP_L2TPINUDP;
  if (::setsockopt(path.sockets().fd(1), IPPROTO_UDP, UDP_ENCAP, &tunnel, sizeof(tunnel)) != 0) {
    const bool lacking = errno == ENOPROTOOPT;
    return fail_as(lacking ? ErrorKind::kUnavailable : ErrorKind::kHarness, "make a tunnel of",
                   "a UDP socket", errno);
  }
  SKLAB_TRY(const Delivery delivery, path.send_datagram(scenario.packet));
  result.check(delivery.socket == size_t{0},
               [&] { return "got " + describe(delivery, scenario.sockets); });
  SKLAB_TRY(const uint64_t runs, witness.take_runs());
  result.check(runs == 2, [&] { return fmt::format("expected 2 runs, got {}", runs); });
  return Ok{};
}

}  // namespace

void check_placement(CaseLog &log) {
  for (const WireCase &test : kWireCases) {
    log.run(test.name, [&](Case &result) { return check_wire_case(test, result); });
  }
  check_steered_cases(log);
  for (const AddressKind &kind : kAddressKinds) {
    log.run(fmt::format("UDP datagram through GRO, {}", kind.name),
            [&](Case &result) { return check_gro(kind, result); });
  }
  check_local_placement(log);
}

}  // namespace sklab
