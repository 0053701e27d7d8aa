// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/conform/assign_sockets.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/un.h>

#include <array>
#include <cerrno>
#include <functional>
#include <string>
#include <vector>

#include "harness/conform/socket_code.h"
#include "harness/conform/test_run_request.h"
#include "harness/kernel/bpf_map.h"
#include "harness/kernel/load_attempt.h"
#include "harness/kernel/netns.h"
#include "harness/kernel/socket_address.h"

namespace sklab {
namespace {

using namespace instructions;

// The socket that a case is about, and others that must stay open as long.
struct Sockets {
  UniqueFd one;
  UniqueFd peer;
};

Result<UniqueFd> open_socket(int family, int type, int protocol = 0) {
  UniqueFd fd(::socket(family, type | SOCK_CLOEXEC, protocol));
  if (fd.valid()) return fd;
  // A kernel without this kind of socket.
  const bool lacking = errno == EAFNOSUPPORT || errno == EPROTONOSUPPORT;
  return fail_as(lacking ? ErrorKind::kUnavailable : ErrorKind::kHarness, "open socket", "", errno);
}

const SocketAddress &server() {
  static const SocketAddress address({{Family::kIpv4, {127, 0, 0, 1}}, 7001}, Family::kIpv4);
  return address;
}

Result<> bind_to_server(const UniqueFd &fd) {
  constexpr int kOn = 1;
  // TCP: a case may leave a connection in TIME_WAIT behind.
  ::setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &kOn, sizeof(kOn));
  if (::bind(fd.get(), server().get(), server().size()) == 0) return Ok{};
  return fail("bind", "socket", errno);
}
Result<> listen_on(const UniqueFd &fd) {
  if (::listen(fd.get(), 8) == 0) return Ok{};
  return fail("listen on", "socket", errno);
}
Result<> connect_to_server(const UniqueFd &fd) {
  if (::connect(fd.get(), server().get(), server().size()) == 0) return Ok{};
  return fail("connect", "socket", errno);
}

template <int family, int type, int protocol = 0>
Result<Sockets> open_fresh() {
  SKLAB_TRY(UniqueFd fd, open_socket(family, type, protocol));
  return Sockets{std::move(fd), {}};
}

template <int type, int protocol = 0>
Result<Sockets> open_bound() {
  SKLAB_TRY(Sockets sockets, (open_fresh<AF_INET, type, protocol>()));
  SKLAB_CHECK(bind_to_server(sockets.one));
  return sockets;
}

template <int protocol = 0>
Result<Sockets> open_listener() {
  SKLAB_TRY(Sockets sockets, (open_bound<SOCK_STREAM, protocol>()));
  SKLAB_CHECK(listen_on(sockets.one));
  return sockets;
}

Result<Sockets> open_connected_datagram() {
  SKLAB_TRY(Sockets sockets, open_bound<SOCK_DGRAM>());
  SKLAB_CHECK(connect_to_server(sockets.one));
  return sockets;
}

Result<Sockets> open_accepted() {
  SKLAB_TRY(Sockets sockets, open_listener<>());
  SKLAB_TRY(sockets.peer, open_socket(AF_INET, SOCK_STREAM));
  SKLAB_CHECK(connect_to_server(sockets.peer));
  sockets.one.reset(::accept4(sockets.one.get(), nullptr, nullptr, SOCK_CLOEXEC));
  if (!sockets.one.valid()) return fail("accept", "connection", errno);
  return sockets;
}

Result<Sockets> open_connecting_side() {
  SKLAB_TRY(Sockets sockets, open_accepted());
  std::swap(sockets.one, sockets.peer);
  return sockets;
}

template <int type>
Result<Sockets> open_unix_pair() {
  int fds[2];
  if (::socketpair(AF_UNIX, type | SOCK_CLOEXEC, 0, fds) != 0) {
    return fail("open pair of", "Unix sockets", errno);
  }
  return Sockets{UniqueFd(fds[0]), UniqueFd(fds[1])};
}

Result<Sockets> open_unix_listener() {
  SKLAB_TRY(Sockets sockets, (open_fresh<AF_UNIX, SOCK_STREAM>()));
  // Without a name the kernel gives it one, in no file system.
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (::bind(sockets.one.get(), reinterpret_cast<sockaddr *>(&address), sizeof(sa_family_t)) != 0) {
    return fail("bind", "Unix socket", errno);
  }
  SKLAB_CHECK(listen_on(sockets.one));
  return sockets;
}

Result<Sockets> open_pipe() {
  int fds[2];
  if (::pipe2(fds, O_CLOEXEC) != 0) return fail("open", "pipe", errno);
  return Sockets{UniqueFd(fds[0]), UniqueFd(fds[1])};
}

struct SocketKindCase {
  const char *name;
  Result<Sockets> (*open)();
  int put_error;  // of the maps, 0 when they take the socket
  // Of the packets that it can be assigned to, over IPv4; 0 when there are none.
  uint32_t protocol;
};

constexpr std::array<SocketKindCase, 24> kKinds = {{
    {"TCP listener", open_listener<>, 0, IPPROTO_TCP},
    {"TCP accepted", open_accepted, 0, 0},
    {"TCP connected", open_connecting_side, 0, 0},
    {"TCP fresh", open_fresh<AF_INET, SOCK_STREAM>, EOPNOTSUPP, 0},
    {"TCP bound", open_bound<SOCK_STREAM>, EOPNOTSUPP, 0},
    {"TCP over IPv6 fresh", open_fresh<AF_INET6, SOCK_STREAM>, EOPNOTSUPP, 0},
    {"UDP bound", open_bound<SOCK_DGRAM>, 0, IPPROTO_UDP},
    {"UDP connected", open_connected_datagram, 0, 0},
    {"UDP fresh", open_fresh<AF_INET, SOCK_DGRAM>, EOPNOTSUPP, 0},
    {"UDP over IPv6 fresh", open_fresh<AF_INET6, SOCK_DGRAM>, EOPNOTSUPP, 0},
    {"UDP-Lite bound", open_bound<SOCK_DGRAM, IPPROTO_UDPLITE>, EOPNOTSUPP, 0},
    {"MPTCP listener", open_listener<IPPROTO_MPTCP>, EOPNOTSUPP, 0},
    {"MPTCP fresh", open_fresh<AF_INET, SOCK_STREAM, IPPROTO_MPTCP>, EOPNOTSUPP, 0},
    {"raw", open_fresh<AF_INET, SOCK_RAW, IPPROTO_UDP>, EOPNOTSUPP, 0},
    {"raw over IPv6", open_fresh<AF_INET6, SOCK_RAW, IPPROTO_UDP>, EOPNOTSUPP, 0},
    {"packet", open_fresh<AF_PACKET, SOCK_RAW>, EOPNOTSUPP, 0},
    {"netlink", open_fresh<AF_NETLINK, SOCK_RAW>, EOPNOTSUPP, 0},
    {"Unix stream pair", open_unix_pair<SOCK_STREAM>, 0, 0},
    {"Unix stream listener", open_unix_listener, EOPNOTSUPP, 0},
    {"Unix stream fresh", open_fresh<AF_UNIX, SOCK_STREAM>, EOPNOTSUPP, 0},
    {"Unix datagram pair", open_unix_pair<SOCK_DGRAM>, 0, 0},
    {"Unix datagram fresh", open_fresh<AF_UNIX, SOCK_DGRAM>, 0, 0},
    {"Unix packet pair", open_unix_pair<SOCK_SEQPACKET>, EOPNOTSUPP, 0},
    {"pipe", open_pipe, ENOTSOCK, 0},
}};

// What becomes of a socket after it was put into a map.
struct Change {
  const char *name;
  Result<Sockets> (*open)();
  int (*make)(Sockets &sockets);
  uint32_t protocol;  // as above, afterwards
  bool leaves;        // the map: nothing is found there
};

int disconnect(Sockets &sockets) {
  const sockaddr nowhere = {AF_UNSPEC, {}};
  return ::connect(sockets.one.get(), &nowhere, sizeof(nowhere));
}
int shut_down(Sockets &sockets) { return ::shutdown(sockets.one.get(), SHUT_RD); }
int close_it(Sockets &sockets) {
  sockets.one.reset();
  return 0;
}
int close_peer(Sockets &sockets) {
  sockets.peer.reset();
  return 0;
}

constexpr std::array<Change, 10> kChanges = {{
    {"UDP, connected since", open_bound<SOCK_DGRAM>,
     [](Sockets &s) { return ::connect(s.one.get(), server().get(), server().size()); }, 0, false},
    {"UDP, disconnected since", open_connected_datagram, disconnect, IPPROTO_UDP, false},
    {"UDP, closed since", open_bound<SOCK_DGRAM>, close_it, 0, true},
    {"TCP listener, closed since", open_listener<>, close_it, 0, true},
    // TCP sockets stay in the map when they go back to TCP_CLOSE.
    {"TCP listener, shut down since", open_listener<>, shut_down, 0, false},
    {"TCP listener, shut down and listening again", open_listener<>,
     [](Sockets &s) { return shut_down(s) == 0 ? ::listen(s.one.get(), 8) : -1; }, IPPROTO_TCP,
     false},
    {"TCP accepted, disconnected since", open_accepted, disconnect, 0, false},
    {"TCP accepted, peer closed since", open_accepted, close_peer, 0, false},
    {"Unix stream pair, peer closed since", open_unix_pair<SOCK_STREAM>, close_peer, 0, false},
    {"Unix stream pair, closed since", open_unix_pair<SOCK_STREAM>, close_it, 0, true},
}};

// A map with programs that assign its first socket with each of the flags that there are.
struct Assigner {
  const char *name;
  BpfMap map;
  std::vector<UniqueFd> programs;  // by flags
};

struct AssignerSetting {
  Netns netns;
  BpfMap result;  // what bpf_sk_assign returned
  std::vector<Assigner> assigners;
};

constexpr int32_t kFlagsEnd = 4;
// No errno: the program has not found a socket.
constexpr int64_t kNothingFound = 1;

Result<Assigner> make_assigner(const char *name, bpf_map_type type, const BpfMap &result) {
  SKLAB_TRY(BpfMap map, BpfMap::create(type, sizeof(uint64_t), 1));
  std::vector<UniqueFd> programs;
  for (int32_t flags = 0; flags < kFlagsEnd; ++flags) {
    const Code use(assign(BPF_REG_7, flags), load_map_value(BPF_REG_1, result.fd()),
                   store(8, BPF_REG_1, 0, BPF_REG_0));
    LoadAttempt attempt = attempt_body(with_socket(map.fd(), 0, use));
    if (!attempt.accepted()) {
      return fail("load program for", name, attempt.error_number, attempt.verifier_message);
    }
    programs.push_back(std::move(attempt.fd));
  }
  return Assigner{name, std::move(map), std::move(programs)};
}

Result<AssignerSetting> make_assigner_setting() {
  SKLAB_TRY(Netns netns, Netns::create());
  SKLAB_TRY(BpfMap result, BpfMap::create(BPF_MAP_TYPE_ARRAY, sizeof(int64_t), 1));
  std::vector<Assigner> assigners;
  SKLAB_TRY(Assigner sockmap, make_assigner("SOCKMAP", BPF_MAP_TYPE_SOCKMAP, result));
  SKLAB_TRY(Assigner sockhash, make_assigner("SOCKHASH", BPF_MAP_TYPE_SOCKHASH, result));
  assigners.push_back(std::move(sockmap));
  assigners.push_back(std::move(sockhash));
  return AssignerSetting{std::move(netns), std::move(result), std::move(assigners)};
}

// The order of the checks is that of bpf_sk_lookup_assign. All sockets that can be assigned at all
// are IPv4 ones.
int64_t expected_result(uint32_t socket_protocol, const bpf_sk_lookup &packet) {
  if (socket_protocol == 0) return -ESOCKTNOSUPPORT;
  if (socket_protocol != packet.protocol) return -EPROTOTYPE;
  return packet.family == AF_INET ? 0 : -EAFNOSUPPORT;
}

Result<> check_assigned(Case &one, const Assigner &assigner, AssignerSetting &setting,
                        uint32_t protocol, bool found) {
  for (int32_t flags = 0; flags < kFlagsEnd; ++flags) {
    for (const uint32_t packet_protocol : {IPPROTO_TCP, IPPROTO_UDP}) {
      for (const uint32_t family : {AF_INET, AF_INET6}) {
        if (const int error = setting.result.put(0, kNothingFound); error != 0) {
          return fail("fill", "map", error);
        }
        TestRunRequest request;
        request.context.protocol = packet_protocol;
        request.context.family = family;
        const int error = request.run(assigner.programs[static_cast<size_t>(flags)].get());
        const int64_t expected = found ? expected_result(protocol, request.context) : kNothingFound;
        SKLAB_TRY(const int64_t result, setting.result.get<int64_t>(0));
        const bool selected = request.context_out().cookie != 0;
        one.check(error == 0 && result == expected && selected == (expected == 0), [&] {
          return fmt::format(
              "{}, flags {}, protocol {}, family {}: expected {}, got {}, {}selected",
              assigner.name, flags, packet_protocol, family, expected, result,
              selected ? "" : "not ");
        });
      }
    }
  }
  return Ok{};
}

Result<> check_kind(Case &one, const SocketKindCase &kind, AssignerSetting &setting) {
  SKLAB_TRY(const Sockets sockets, kind.open());
  for (Assigner &assigner : setting.assigners) {
    const int error = assigner.map.put(0, static_cast<uint64_t>(sockets.one.get()));
    one.check(error == kind.put_error, [&] {
      return fmt::format("put into {}: expected errno {}, got {}", assigner.name, kind.put_error,
                         error);
    });
    if (error == 0) SKLAB_CHECK(check_assigned(one, assigner, setting, kind.protocol, true));
  }
  return Ok{};
}

Result<> check_change(Case &one, const Change &change, AssignerSetting &setting) {
  for (Assigner &assigner : setting.assigners) {
    SKLAB_TRY(Sockets sockets, change.open());
    const int error = assigner.map.put(0, static_cast<uint64_t>(sockets.one.get()));
    if (error != 0) return fail("put socket into", assigner.name, error);
    if (change.make(sockets) != 0) return fail("change", "socket", errno);
    SKLAB_CHECK(check_assigned(one, assigner, setting, change.protocol, !change.leaves));
  }
  return Ok{};
}

Result<> check_numbers(Case &one, AssignerSetting &setting) {
  struct Number {
    uint64_t descriptor;
    int error;
  };
  constexpr uint64_t kHighest = 0x7fffffff;
  for (const Number &number :
       {Number{kHighest, EBADF}, Number{kHighest + 1, EINVAL}, Number{~uint64_t{0}, EINVAL}}) {
    for (Assigner &assigner : setting.assigners) {
      const int error = assigner.map.put(0, number.descriptor);
      one.check(error == number.error, [&] {
        return fmt::format("put {} into {}: expected errno {}, got {}", number.descriptor,
                           assigner.name, number.error, error);
      });
    }
  }
  return Ok{};
}

// The sockets are opened in the netns of the setting; their cases are what `body` adds.
Result<> in_setting(const std::function<void(AssignerSetting &setting)> &body) {
  SKLAB_TRY(AssignerSetting setting, make_assigner_setting());
  SKLAB_TRY(const ScopedNetns inside, ScopedNetns::enter(setting.netns));
  body(setting);
  return Ok{};
}

}  // namespace

void check_assign_sockets(CaseLog &log) {
  Result<> result = in_setting([&log](AssignerSetting &setting) {
    for (const SocketKindCase &kind : kKinds) {
      log.run(kind.name, [&](Case &one) { return check_kind(one, kind, setting); });
    }
    for (const Change &change : kChanges) {
      log.run(change.name, [&](Case &one) { return check_change(one, change, setting); });
    }
    log.run("numbers of no descriptor", [&](Case &one) { return check_numbers(one, setting); });
  });
  if (!result) log.run("maps and programs", [&](Case &) { return std::move(result); });
}

}  // namespace sklab
