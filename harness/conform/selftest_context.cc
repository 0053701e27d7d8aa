// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/conform/selftest_context.h"

#include <bpf/bpf.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <netinet/in.h>
#include <netinet/tcp.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <vector>

#include "harness/conform/context_values.h"
#include "harness/conform/raw_program.h"
#include "harness/conform/socket_code.h"
#include "harness/kernel/bpf_map.h"
#include "harness/kernel/netns_link.h"
#include "harness/kernel/program.h"
#include "harness/model/scenario_text.h"
#include "harness/path/local_sender.h"
#include "harness/path/packet_path.h"

namespace sklab {
namespace {

using namespace instructions;

constexpr auto kIfindexOffset = static_cast<int16_t>(offsetof(bpf_sk_lookup, ingress_ifindex));

// Drops what comes from this interface.
Result<UniqueFd> load_interface_drop(uint32_t ifindex) {
  return load_raw_program(Code(load(4, BPF_REG_1, BPF_REG_1, kIfindexOffset),
                               move(BPF_REG_0, SK_DROP),
                               skip_if_equal(BPF_REG_1, static_cast<int32_t>(ifindex), 1),
                               move(BPF_REG_0, SK_PASS), leave()));
}

struct InterfaceCase {
  const char *name;
  const char *scenario;
};

constexpr std::array kInterfaceCases = {
    InterfaceCase{"TCP IPv4 drop on valid ifindex",
                  "socket server tcp4 127.0.0.1:7007\n"
                  "packet tcp4 127.0.0.9:4000 -> 127.0.0.1:7007\n"},
    InterfaceCase{"TCP IPv6 drop on valid ifindex",
                  "socket server tcp6 [fd00::1]:7007\n"
                  "packet tcp6 [fd00::3]:4000 -> [fd00::1]:7007\n"},
    InterfaceCase{"UDP IPv4 drop on valid ifindex",
                  "socket server udp4 127.0.0.1:7007\n"
                  "packet udp4 127.0.0.9:4000 -> 127.0.0.1:7007\n"},
    InterfaceCase{"UDP IPv6 drop on valid ifindex",
                  "socket server udp6 [fd00::1]:7007\n"
                  "packet udp6 [fd00::3]:4000 -> [fd00::1]:7007\n"},
};

Result<Delivery> send(PacketPath &path, const Packet &packet) {
  return packet.protocol == Protocol::kUdp ? path.send_datagram(packet) : path.send_syn(packet);
}

// The same for a sender over loopback, as the original has it.
Result<> check_loopback_drop(const Scenario &scenario, Case &result) {
  SKLAB_TRY(const Netns netns, Netns::create());
  SKLAB_TRY(const SocketSet sockets, SocketSet::create(netns, scenario.sockets));
  SKLAB_TRY(const UniqueFd program, load_interface_drop(1));
  SKLAB_TRY(const NetnsLink link, NetnsLink::attach(program.get(), netns));
  return check_refused_locally(netns, scenario.packet, result);
}

Result<> check_interface_drop(const InterfaceCase &test, Case &result) {
  SKLAB_TRY(const Scenario scenario,
            parse_scenario(std::string("scenario 1\ndialect pass_drop\n") + test.scenario));
  SKLAB_TRY(PacketPath path, PacketPath::create(scenario.sockets));
  SKLAB_TRY(const uint32_t ifindex, path.interface_index());
  for (const bool from_here : {true, false}) {
    // The loopback interface is number 1 everywhere.
    SKLAB_TRY(const UniqueFd program, load_interface_drop(from_here ? ifindex : 1));
    SKLAB_TRY(const NetnsLink link, NetnsLink::attach(program.get(), path.netns()));
    SKLAB_TRY(const Delivery delivery, send(path, scenario.packet));
    const bool refused =
        delivery.reply == Reply::kReset || delivery.reply == Reply::kPortUnreachable;
    result.check(from_here ? refused && !delivery.socket : delivery.socket == size_t{0}, [&] {
      return fmt::format("dropping interface {}: {}", from_here ? ifindex : 1,
                         describe(delivery, scenario.sockets));
    });
  }
  return check_loopback_drop(scenario, result);
}

// What a program saw of the selected socket at one moment; all 0 for NULL.
struct SeenSocket {
  uint32_t mark = 0;
  uint32_t family = 0;
  uint32_t type = 0;
  uint32_t state = 0;

  bool operator==(const SeenSocket &) const = default;
};
constexpr size_t kMoments = 4;
using SeenSockets = std::array<SeenSocket, kMoments>;

// Looks at ctx->sk, and writes what is there into the map value that R8 points to.
Code look_at_selection(size_t moment) {
  const auto slot = static_cast<int16_t>(moment * sizeof(SeenSocket));
  Code code(load(8, BPF_REG_1, BPF_REG_6, 0));
  Code fields;
  int16_t at = slot;
  for (const size_t field : {offsetof(bpf_sock, mark), offsetof(bpf_sock, family),
                             offsetof(bpf_sock, type), offsetof(bpf_sock, state)}) {
    fields.append(load(4, BPF_REG_2, BPF_REG_1, static_cast<int16_t>(field)))
        .append(store(4, BPF_REG_8, at, BPF_REG_2));
    at = static_cast<int16_t>(at + 4);
  }
  return code.append(unless_null(BPF_REG_1, fields));
}

Code assign_from(int map_fd, int32_t key) {
  return Code(
      look_up(map_fd, key),
      unless_null(BPF_REG_0, Code(copy(BPF_REG_7, BPF_REG_0),
                                  assign(BPF_REG_7, BPF_SK_LOOKUP_F_REPLACE), release(BPF_REG_7))));
}

Result<UniqueFd> load_selection_reader(int sockets_fd, int seen_fd) {
  return load_raw_program(Code(copy(BPF_REG_6, BPF_REG_1), load_map_value(BPF_REG_8, seen_fd),
                               look_at_selection(0), assign_from(sockets_fd, 0),
                               look_at_selection(1), move(BPF_REG_2, 0), copy(BPF_REG_1, BPF_REG_6),
                               move(BPF_REG_3, BPF_SK_LOOKUP_F_REPLACE), call(BPF_FUNC_sk_assign),
                               look_at_selection(2), assign_from(sockets_fd, 1),
                               look_at_selection(3), move(BPF_REG_0, SK_PASS), leave()));
}

std::string text_of(const SeenSockets &seen) {
  std::string text;
  for (const SeenSocket &one : seen) {
    text += fmt::format(" mark={} family={} type={} state={};", one.mark, one.family, one.type,
                        one.state);
  }
  return text;
}

}  // namespace

Result<> check_refused_locally(const Netns &netns, const Packet &packet, Case &result) {
  SKLAB_TRY(const ScopedNetns inside, ScopedNetns::enter(netns));
  SKLAB_TRY(const int told, send_locally(packet));
  result.check(told == ECONNREFUSED, [&] {
    return std::string("a local sender: expected ECONNREFUSED, got ") +
           (told == 0 ? "no error" : ::strerrorname_np(told));
  });
  return Ok{};
}

Result<> check_query(Case &result) {
  SKLAB_TRY(const Netns netns, Netns::create());
  std::vector<UniqueFd> programs;
  std::vector<NetnsLink> links;
  std::vector<uint32_t> ids;
  for (const int32_t code : {SK_PASS, SK_PASS, SK_DROP}) {
    SKLAB_TRY(UniqueFd program, load_constant_program(code));
    SKLAB_TRY(const uint32_t id, program_id(program.get()));
    SKLAB_TRY(NetnsLink link, NetnsLink::attach(program.get(), netns));
    programs.push_back(std::move(program));
    links.push_back(std::move(link));
    ids.push_back(id);
  }
  SKLAB_TRY(const std::vector<uint32_t> attached, attached_program_ids(netns));
  result.check(attached == ids, [&] {
    return fmt::format("expected programs {}, got {}", fmt::join(ids, ","),
                       fmt::join(attached, ","));
  });
  SKLAB_TRY(const NetnsId id, netns_id(netns.fd()));
  for (const bool detached : {false, true}) {
    if (detached) SKLAB_CHECK(links[0].detach());
    bpf_link_info info{};
    __u32 size = sizeof(info);
    if (bpf_obj_get_info_by_fd(links[0].fd(), &info, &size) != 0)
      return fail("read", "link", errno);
    result.check(info.prog_id == ids[0] && info.netns.netns_ino == (detached ? 0 : id.inode), [&] {
      return fmt::format("link info, {}: program {}, netns {}", detached ? "detached" : "attached",
                         info.prog_id, info.netns.netns_ino);
    });
  }
  return Ok{};
}

void check_interface_drops(CaseLog &log) {
  for (const InterfaceCase &test : kInterfaceCases) {
    log.run(test.name, [&](Case &result) { return check_interface_drop(test, result); });
  }
}

Result<> check_selected_socket(Case &result) {
  SKLAB_TRY(const Scenario scenario,
            parse_scenario("scenario 1\ndialect pass_drop\n"
                           "socket a tcp4 127.0.0.1:7001\nsocket b tcp4 127.0.0.1:7002\n"
                           "packet tcp4 127.0.0.9:4000 -> 127.0.0.1:7007\n"));
  SKLAB_TRY(PacketPath path, PacketPath::create(scenario.sockets));
  SKLAB_TRY(BpfMap sockets, BpfMap::create(BPF_MAP_TYPE_SOCKMAP, sizeof(uint64_t), 2));
  for (uint32_t i = 0; i < 2; ++i) {
    const auto fd = static_cast<uint64_t>(path.sockets().fd(i));
    if (const int error = sockets.put(i, fd); error != 0) return fail("fill", "SOCKMAP", error);
  }
  SKLAB_TRY(const BpfMap seen, BpfMap::create(BPF_MAP_TYPE_ARRAY, sizeof(SeenSockets), 1));
  SKLAB_TRY(const UniqueFd program, load_selection_reader(sockets.fd(), seen.fd()));
  SKLAB_TRY(const NetnsLink link, NetnsLink::attach(program.get(), path.netns()));
  SKLAB_TRY(const Delivery delivery, path.send_syn(scenario.packet));
  result.check(delivery.socket == size_t{1},
               [&] { return "expected b: " + describe(delivery, scenario.sockets); });
  const auto listener = [](size_t socket) {
    return SeenSocket{SocketSet::mark_of(socket), AF_INET, SOCK_STREAM, TCP_LISTEN};
  };
  const SeenSockets expected = {SeenSocket{}, listener(0), SeenSocket{}, listener(1)};
  SKLAB_TRY(const SeenSockets got, seen.get<SeenSockets>(0));
  result.check(got == expected,
               [&] { return "expected" + text_of(expected) + " got" + text_of(got); });
  return Ok{};
}

Result<> check_narrow_access_v4(Case &result) {
  return check_loads(result, {Protocol::kTcp, *parse_endpoint("127.0.0.9:4000"),
                              *parse_endpoint("127.0.0.1:7007")});
}

Result<> check_narrow_access_v6(Case &result) {
  return check_loads(result, {Protocol::kTcp, *parse_endpoint("[fd00::3]:4000"),
                              *parse_endpoint("[fd00::1]:7007")});
}

}  // namespace sklab
