// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/conform/placement_local.h"

#include <bpf/bpf.h>
#include <fmt/format.h>
#include <linux/pkt_cls.h>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <functional>
#include <optional>

#include "harness/conform/raw_program.h"
#include "harness/conform/witness.h"
#include "harness/kernel/netns_link.h"
#include "harness/kernel/socket_address.h"
#include "harness/model/scenario_text.h"
#include "harness/path/local_sender.h"

namespace sklab {
namespace {

constexpr uint32_t kLoopbackInterface = 1;
constexpr int kPatience_ms = 2000;

struct LocalKind {
  const char *name;
  const char *packet;
};

constexpr std::array kLocalKinds = {
    LocalKind{"UDP over loopback, IPv4", "udp4 127.0.0.9:4000 -> 127.0.0.1:7000"},
    LocalKind{"UDP over loopback, IPv6", "udp6 [fd00::3]:4000 -> [fd00::1]:7000"},
    LocalKind{"UDP over loopback, ::1", "udp6 [fd00::3]:4000 -> [::1]:7000"},
    LocalKind{"TCP over loopback, IPv4", "tcp4 127.0.0.9:4000 -> 127.0.0.1:7000"},
    LocalKind{"TCP over loopback, IPv6", "tcp6 [fd00::3]:4000 -> [fd00::1]:7000"},
};

Result<Packet> parse_packet(const char *text) {
  SKLAB_TRY(const Scenario scenario,
            parse_scenario(fmt::format("scenario 1\ndialect pass_drop\npacket {}\n", text)));
  return scenario.packet;
}

// Whom the packet is for.
Result<UniqueFd> open_server(const Packet &packet) {
  SKLAB_TRY(UniqueFd fd, open_local_socket(packet.protocol, packet.destination));
  if (packet.protocol == Protocol::kTcp && ::listen(fd.get(), 1) != 0) {
    return fail("listen on", packet.destination.text(), errno);
  }
  return fd;
}

Result<> connect_to(const UniqueFd &fd, const Endpoint &peer) {
  const SocketAddress address(peer, peer.address.family);
  if (::connect(fd.get(), address.get(), address.size()) == 0) return Ok{};
  return fail("connect to", peer.text(), errno);
}

Result<> send_byte(const UniqueFd &fd) {
  const char byte = 's';
  if (::send(fd.get(), &byte, sizeof(byte), 0) == sizeof(byte)) return Ok{};
  return fail("send", "a byte", errno);
}

bool becomes_readable(const UniqueFd &fd, int patience_ms = kPatience_ms) {
  pollfd ready{fd.get(), POLLIN, 0};
  return ::poll(&ready, 1, patience_ms) == 1 && (ready.revents & POLLIN) != 0;
}

// A netns with a program attached, and the calling thread in it.
struct LoopbackSetting {
  Netns netns;
  Witness witness;
  NetnsLink link;
  ScopedNetns inside;

  static Result<LoopbackSetting> create(int32_t return_code) {
    SKLAB_TRY(Netns netns, Netns::create());
    SKLAB_TRY(Witness witness, Witness::create(return_code));
    SKLAB_TRY(NetnsLink link, NetnsLink::attach(witness.fd(), netns));
    SKLAB_TRY(ScopedNetns inside, ScopedNetns::enter(netns));
    return LoopbackSetting{std::move(netns), std::move(witness), std::move(link),
                           std::move(inside)};
  }
};

Result<> expect_runs(LoopbackSetting &setting, uint64_t expected, const char *when, Case &result) {
  SKLAB_TRY(const uint64_t runs, setting.witness.take_runs());
  result.check(runs == expected,
               [&] { return fmt::format("{}: expected {} runs, got {}", when, expected, runs); });
  return Ok{};
}

// One datagram, or a connection: its SYN is looked up, everything else belongs to sockets that are
// connected.
Result<> check_loopback(const LocalKind &kind, Case &result) {
  SKLAB_TRY(const Packet packet, parse_packet(kind.packet));
  SKLAB_TRY(LoopbackSetting setting, LoopbackSetting::create(SK_PASS));
  SKLAB_TRY(const UniqueFd server, open_server(packet));
  SKLAB_TRY(const UniqueFd client, open_local_socket(packet.protocol, packet.source));
  SKLAB_CHECK(connect_to(client, packet.destination));
  SKLAB_CHECK(send_byte(client));
  result.check(becomes_readable(server), [] { return "nothing arrived"; });
  SKLAB_CHECK(expect_runs(setting, 1, "after one byte", result));
  SKLAB_TRY(const ContextBytes seen, setting.witness.context());
  const ContextBytes expected = context_of(packet, kLoopbackInterface);
  result.check(seen == expected,
               [&] { return "expected " + describe(expected) + ", saw " + describe(seen); });
  return Ok{};
}

// A server waits, but the program drops. The RST and the ICMP error belong to the sender's socket,
// which is connected: they are not asked of the hook.
Result<> check_refused(const LocalKind &kind, Case &result) {
  SKLAB_TRY(const Packet packet, parse_packet(kind.packet));
  SKLAB_TRY(LoopbackSetting setting, LoopbackSetting::create(SK_DROP));
  SKLAB_TRY(const UniqueFd server, open_server(packet));
  SKLAB_TRY(const int told, send_locally(packet));
  result.check(told == ECONNREFUSED, [&] {
    return fmt::format("expected ECONNREFUSED, got {}",
                       told == 0 ? "no error" : ::strerrorname_np(told));
  });
  result.check(!becomes_readable(server, 0), [] { return "something arrived"; });
  return expect_runs(setting, 1, "after a refusal", result);
}

// With a program that drops everything: what arrives all the same was not asked of the hook.
Result<> check_udp_lite(const char *like, Case &result) {
  SKLAB_TRY(const Packet packet, parse_packet(like));
  SKLAB_TRY(LoopbackSetting setting, LoopbackSetting::create(SK_DROP));
  SKLAB_TRY(const UniqueFd server,
            open_local_socket(packet.protocol, packet.destination, IPPROTO_UDPLITE));
  SKLAB_TRY(const UniqueFd client,
            open_local_socket(packet.protocol, packet.source, IPPROTO_UDPLITE));
  SKLAB_CHECK(connect_to(client, packet.destination));
  SKLAB_CHECK(send_byte(client));
  result.check(becomes_readable(server), [] { return "nothing arrived"; });
  return expect_runs(setting, 0, "after a UDP-Lite datagram", result);
}

// Multicast goes to everyone who asked for it (__udp4_lib_mcast_deliver), not to one found socket.
Result<> check_multicast(Case &result) {
  SKLAB_TRY(const Packet packet, parse_packet("udp4 127.0.0.9:4000 -> 224.1.2.3:7000"));
  SKLAB_TRY(LoopbackSetting setting, LoopbackSetting::create(SK_DROP));
  Endpoint any = packet.destination;
  any.address.bytes = {};
  SKLAB_TRY(const UniqueFd server, open_local_socket(packet.protocol, any));
  ip_mreqn group{};
  std::copy_n(packet.destination.address.bytes.begin(), 4,
              reinterpret_cast<uint8_t *>(&group.imr_multiaddr));
  group.imr_ifindex = kLoopbackInterface;
  if (::setsockopt(server.get(), IPPROTO_IP, IP_ADD_MEMBERSHIP, &group, sizeof(group)) != 0) {
    return fail("join", packet.destination.text(), errno);
  }
  SKLAB_TRY(const UniqueFd client, open_local_socket(packet.protocol, packet.source));
  if (::setsockopt(client.get(), IPPROTO_IP, IP_MULTICAST_IF, &group, sizeof(group)) != 0) {
    return fail("send multicast from", packet.source.text(), errno);
  }
  SKLAB_CHECK(connect_to(client, packet.destination));
  SKLAB_CHECK(send_byte(client));
  result.check(becomes_readable(server), [] { return "nothing arrived"; });
  return expect_runs(setting, 0, "after a multicast datagram", result);
}

Result<> check_other_netns(Case &result) {
  SKLAB_TRY(const Packet packet, parse_packet(kLocalKinds[0].packet));
  SKLAB_TRY(LoopbackSetting setting, LoopbackSetting::create(SK_DROP));
  SKLAB_TRY(const Netns other, Netns::create());
  SKLAB_TRY(const ScopedNetns inside, ScopedNetns::enter(other));
  SKLAB_TRY(const UniqueFd server, open_local_socket(packet.protocol, packet.destination));
  SKLAB_TRY(const UniqueFd client, open_local_socket(packet.protocol, packet.source));
  SKLAB_CHECK(connect_to(client, packet.destination));
  SKLAB_CHECK(send_byte(client));
  result.check(becomes_readable(server), [] { return "nothing arrived"; });
  return expect_runs(setting, 0, "after a datagram in another netns", result);
}

struct HelperCase {
  const char *name;
  bpf_prog_type type;
  bpf_func_id helper;
};

constexpr std::array kHelperCases = {
    HelperCase{"bpf_sk_lookup_udp in a TC program", BPF_PROG_TYPE_SCHED_CLS,
               BPF_FUNC_sk_lookup_udp},
    HelperCase{"bpf_sk_lookup_tcp in a TC program", BPF_PROG_TYPE_SCHED_CLS,
               BPF_FUNC_sk_lookup_tcp},
    HelperCase{"bpf_skc_lookup_tcp in a TC program", BPF_PROG_TYPE_SCHED_CLS,
               BPF_FUNC_skc_lookup_tcp},
    HelperCase{"bpf_sk_lookup_udp in an XDP program", BPF_PROG_TYPE_XDP, BPF_FUNC_sk_lookup_udp},
    HelperCase{"bpf_sk_lookup_tcp in an XDP program", BPF_PROG_TYPE_XDP, BPF_FUNC_sk_lookup_tcp},
    HelperCase{"bpf_skc_lookup_tcp in an XDP program", BPF_PROG_TYPE_XDP, BPF_FUNC_skc_lookup_tcp},
};

// Looks up twice; the tuple is all zero, for which there is no socket.
Result<UniqueFd> load_caller(const HelperCase &test) {
  using namespace instructions;
  constexpr int32_t kTupleSize = sizeof(bpf_sock_tuple::ipv4);
  const Code lookup(copy(BPF_REG_1, BPF_REG_6), copy(BPF_REG_2, BPF_REG_10), add(BPF_REG_2, -16),
                    move(BPF_REG_3, kTupleSize), move(BPF_REG_4, BPF_F_CURRENT_NETNS),
                    move(BPF_REG_5, 0), call(test.helper), skip_if_equal(BPF_REG_0, 0, 2),
                    copy(BPF_REG_1, BPF_REG_0), call(BPF_FUNC_sk_release));
  const Code code(copy(BPF_REG_6, BPF_REG_1), store_constant(8, BPF_REG_10, -8, 0),
                  store_constant(8, BPF_REG_10, -16, 0), lookup, lookup, move(BPF_REG_0, XDP_DROP),
                  leave());
  LoadAttempt attempt = attempt_load(code.all(), test.type, bpf_attach_type{});
  if (attempt.accepted()) return std::move(attempt.fd);
  return fail("load", test.name, attempt.error_number, attempt.verifier_message);
}

Result<> check_helper(const HelperCase &test, Case &result) {
  SKLAB_TRY(const UniqueFd caller, load_caller(test));
  SKLAB_TRY(LoopbackSetting setting, LoopbackSetting::create(SK_PASS));
  std::array<uint8_t, 64> frame{};
  LIBBPF_OPTS(bpf_test_run_opts, options, .data_in = frame.data(), .data_size_in = frame.size(),
              .repeat = 1);
  if (bpf_prog_test_run_opts(caller.get(), &options) != 0) return fail("run", test.name, errno);
  return expect_runs(setting, 2, "after two lookups", result);
}

}  // namespace

void check_local_placement(CaseLog &log) {
  for (const LocalKind &kind : kLocalKinds) {
    log.run(kind.name, [&](Case &result) { return check_loopback(kind, result); });
    log.run(fmt::format("{}, refused", kind.name),
            [&](Case &result) { return check_refused(kind, result); });
  }
  log.run("not for UDP-Lite, IPv4",
          [](Case &result) { return check_udp_lite(kLocalKinds[0].packet, result); });
  log.run("not for UDP-Lite, IPv6",
          [](Case &result) { return check_udp_lite(kLocalKinds[1].packet, result); });
  log.run("not for multicast", check_multicast);
  log.run("not in another netns", check_other_netns);
  for (const HelperCase &test : kHelperCases) {
    log.run(test.name, [&](Case &result) { return check_helper(test, result); });
  }
}

}  // namespace sklab
