// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/conform/assign_sockets.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <linux/vm_sockets.h>
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
#include "harness/kernel/socket_set.h"

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

Result<Sockets> open_vsock_listener_at(unsigned context) {
  SKLAB_TRY(Sockets sockets, (open_fresh<AF_VSOCK, SOCK_STREAM>()));
  sockaddr_vm address{};
  address.svm_family = AF_VSOCK;
  address.svm_cid = context;
  address.svm_port = VMADDR_PORT_ANY;
  if (::bind(sockets.one.get(), reinterpret_cast<sockaddr *>(&address), sizeof(address)) != 0) {
    const bool lacking = errno == EADDRNOTAVAIL;
    return fail_as(lacking ? ErrorKind::kUnavailable : ErrorKind::kHarness, "bind", "vsock socket",
                   errno, lacking ? "vsock_loopback is not loaded" : "");
  }
  SKLAB_CHECK(listen_on(sockets.one));
  return sockets;
}

Result<Sockets> open_vsock_listener() { return open_vsock_listener_at(VMADDR_CID_ANY); }

// Bound to the loopback's own address: without a loopback a connection would go to the hypervisor.
Result<Sockets> open_vsock_accepted() {
  SKLAB_TRY(Sockets sockets, open_vsock_listener_at(VMADDR_CID_LOCAL));
  sockaddr_vm address{};
  socklen_t size = sizeof(address);
  auto *generic = reinterpret_cast<sockaddr *>(&address);
  if (::getsockname(sockets.one.get(), generic, &size) != 0) {
    return fail("read the address of", "vsock socket", errno);
  }
  SKLAB_TRY(sockets.peer, open_socket(AF_VSOCK, SOCK_STREAM));
  if (::connect(sockets.peer.get(), generic, size) != 0) {
    return fail("connect", "vsock socket", errno);
  }
  sockets.one.reset(::accept4(sockets.one.get(), nullptr, nullptr, SOCK_CLOEXEC));
  if (!sockets.one.valid()) return fail("accept", "vsock connection", errno);
  return sockets;
}

Result<Sockets> open_vsock_connecting_side() {
  SKLAB_TRY(Sockets sockets, open_vsock_accepted());
  std::swap(sockets.one, sockets.peer);
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
  // The maps took it later than the others: why a kernel refuses it that is not wrong.
  const char *may_refuse = nullptr;
};

constexpr char kNoVsockInMaps[] = "maps of this kernel take no vsock sockets yet";

constexpr std::array<SocketKindCase, 28> kKinds = {{
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
    {"vsock stream accepted", open_vsock_accepted, 0, 0, kNoVsockInMaps},
    {"vsock stream connected", open_vsock_connecting_side, 0, 0, kNoVsockInMaps},
    {"vsock stream listener", open_vsock_listener, EOPNOTSUPP, 0},
    {"vsock stream fresh", open_fresh<AF_VSOCK, SOCK_STREAM>, EOPNOTSUPP, 0},
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

// How bpf_sk_assign is called, and what comes of it: the value of a map of every program.
struct AssignerCall {
  uint64_t flags = 0;
  int64_t result = 0;
};

// A map with programs that assign its first socket, with any flags.
struct Assigner {
  const char *name;
  BpfMap map;
  UniqueFd program;
  UniqueFd program_after_selection;
};

// A TCP and a UDP socket for packets of both families, so that one can always be selected before.
struct SelectedBefore {
  SocketSet sockets;
  BpfMap sockmap;
};

struct AssignerSetting {
  Netns netns;
  BpfMap call;
  SelectedBefore before;
  std::vector<Assigner> assigners;
};

// No errno: the program has not found a socket.
constexpr int64_t kNothingFound = 1;

constexpr std::array kProtocolsBefore = {Protocol::kTcp, Protocol::kUdp};

Result<SelectedBefore> make_selected_before(const Netns &netns) {
  std::vector<SocketSpec> specs;
  for (const Protocol protocol : kProtocolsBefore) {
    SocketSpec spec;
    spec.name = protocol == Protocol::kTcp ? "tcp" : "udp";
    spec.protocol = protocol;
    spec.family = Family::kIpv6;
    spec.local = {{Family::kIpv6, {}}, 7002};
    specs.push_back(spec);
  }
  SKLAB_TRY(SocketSet sockets, SocketSet::create(netns, specs));
  SKLAB_TRY(BpfMap sockmap,
            BpfMap::create(BPF_MAP_TYPE_SOCKMAP, sizeof(uint64_t), kProtocolsBefore.size()));
  for (uint32_t i = 0; i < kProtocolsBefore.size(); ++i) {
    const int error = sockmap.put(i, static_cast<uint64_t>(sockets.fd(i)));
    if (error != 0) return fail("put into SOCKMAP socket", specs[i].name, error);
  }
  return SelectedBefore{std::move(sockets), std::move(sockmap)};
}

// Of both sockets the one is selected that has the packet's protocol.
Code select_before(const SelectedBefore &before) {
  const int map_fd = before.sockmap.fd();
  return Code(with_socket(map_fd, 0, assign(BPF_REG_7, 0)),
              with_socket(map_fd, 1, assign(BPF_REG_7, 0)));
}

Code assign_first(const BpfMap &map, const BpfMap &call_map) {
  const Code use(copy(BPF_REG_1, BPF_REG_6), copy(BPF_REG_2, BPF_REG_7),
                 load_map_value(BPF_REG_8, call_map.fd()),
                 load(8, BPF_REG_3, BPF_REG_8, offsetof(AssignerCall, flags)),
                 call(BPF_FUNC_sk_assign),
                 store(8, BPF_REG_8, offsetof(AssignerCall, result), BPF_REG_0));
  return with_socket(map.fd(), 0, use);
}

Result<UniqueFd> load_assigner(const char *name, const Code &body) {
  LoadAttempt attempt = attempt_body(body);
  if (attempt.accepted()) return std::move(attempt.fd);
  return fail("load program for", name, attempt.error_number, attempt.verifier_message);
}

Result<Assigner> make_assigner(const char *name, bpf_map_type type, const BpfMap &call_map,
                               const SelectedBefore &before) {
  SKLAB_TRY(BpfMap map, BpfMap::create(type, sizeof(uint64_t), 1));
  const Code body = assign_first(map, call_map);
  SKLAB_TRY(UniqueFd program, load_assigner(name, body));
  SKLAB_TRY(UniqueFd after, load_assigner(name, Code(select_before(before), body)));
  return Assigner{name, std::move(map), std::move(program), std::move(after)};
}

Result<AssignerSetting> make_assigner_setting() {
  SKLAB_TRY(Netns netns, Netns::create());
  SKLAB_TRY(BpfMap call_map, BpfMap::create(BPF_MAP_TYPE_ARRAY, sizeof(AssignerCall), 1));
  SKLAB_TRY(SelectedBefore before, make_selected_before(netns));
  std::vector<Assigner> assigners;
  SKLAB_TRY(Assigner sockmap, make_assigner("SOCKMAP", BPF_MAP_TYPE_SOCKMAP, call_map, before));
  assigners.push_back(std::move(sockmap));
  SKLAB_TRY(Assigner sockhash, make_assigner("SOCKHASH", BPF_MAP_TYPE_SOCKHASH, call_map, before));
  assigners.push_back(std::move(sockhash));
  return AssignerSetting{std::move(netns), std::move(call_map), std::move(before),
                         std::move(assigners)};
}

// The socket that an Assigner finds in its map, if any.
struct AssignedSocket {
  bool found;
  uint32_t protocol;  // as in SocketKindCase
  uint64_t cookie;
};

AssignedSocket socket_in_map(const Sockets &sockets, uint32_t protocol, bool found) {
  AssignedSocket assigned = {found, protocol, 0};
  // 0 for those that have none; they cannot be selected either.
  socklen_t size = sizeof(assigned.cookie);
  ::getsockopt(sockets.one.get(), SOL_SOCKET, SO_COOKIE, &assigned.cookie, &size);
  return assigned;
}

// How a socket is assigned.
struct AssignerCase {
  uint64_t flags;
  bool selected;      // another socket, before
  uint32_t protocol;  // of the packet
  uint32_t family;
};

// Both flags with the first bit that is none, and bits about the ends of 32 and 64.
std::vector<uint64_t> assigner_flags() {
  std::vector<uint64_t> flags = {0x80000000, 0x100000000, 0x100000001, 0x8000000000000003,
                                 ~uint64_t{0}};
  for (uint64_t low = 0; low < 8; ++low) flags.push_back(low);
  return flags;
}

std::vector<AssignerCase> every_assigner_case() {
  std::vector<AssignerCase> cases;
  for (const uint64_t flags : assigner_flags()) {
    for (const bool selected : {false, true}) {
      for (const uint32_t protocol : {IPPROTO_TCP, IPPROTO_UDP}) {
        for (const uint32_t family : {AF_INET, AF_INET6}) {
          cases.push_back({flags, selected, protocol, family});
        }
      }
    }
  }
  return cases;
}

// Errors of the kernel's checks, in their order: bpf_sk_lookup_assign. All sockets that can be
// assigned at all are IPv4 ones.
int64_t expected_result(uint32_t socket_protocol, const AssignerCase &how) {
  constexpr uint64_t kKnownFlags = BPF_SK_LOOKUP_F_REPLACE | BPF_SK_LOOKUP_F_NO_REUSEPORT;
  if ((how.flags & ~kKnownFlags) != 0) return -EINVAL;
  if (socket_protocol == 0) return -ESOCKTNOSUPPORT;
  if (socket_protocol != how.protocol) return -EPROTOTYPE;
  if (how.family != AF_INET) return -EAFNOSUPPORT;
  return how.selected && (how.flags & BPF_SK_LOOKUP_F_REPLACE) == 0 ? -EEXIST : 0;
}

// The cookie of what was selected before.
Result<uint64_t> cookie_before(const SelectedBefore &before, const AssignerCase &how) {
  if (!how.selected) return uint64_t{0};
  return before.sockets.cookie(how.protocol == IPPROTO_TCP ? 0 : 1);
}

Result<> check_assigner_case(Case &one, const Assigner &assigner, AssignerSetting &setting,
                             const AssignedSocket &socket, const AssignerCase &how) {
  if (const int error = setting.call.put(0, AssignerCall{how.flags, kNothingFound}); error != 0) {
    return fail("fill", "map", error);
  }
  TestRunRequest request;
  request.context.protocol = how.protocol;
  request.context.family = how.family;
  const UniqueFd &program = how.selected ? assigner.program_after_selection : assigner.program;
  const int error = request.run(program.get());
  SKLAB_TRY(const AssignerCall call, setting.call.get<AssignerCall>(0));
  SKLAB_TRY(const uint64_t before, cookie_before(setting.before, how));
  const int64_t expected = socket.found ? expected_result(socket.protocol, how) : kNothingFound;
  const uint64_t expected_cookie = expected == 0 ? socket.cookie : before;
  const uint64_t cookie = request.context_out().cookie;
  one.check(error == 0 && call.result == expected && cookie == expected_cookie, [&] {
    return fmt::format(
        "{}, flags {:#x}, protocol {}, family {}, {}selected before: expected {} and cookie {:#x}, "
        "got {}, {:#x} and errno {}",
        assigner.name, how.flags, how.protocol, how.family, how.selected ? "" : "not ", expected,
        expected_cookie, call.result, cookie, error);
  });
  return Ok{};
}

Result<> check_assigned(Case &one, const Assigner &assigner, AssignerSetting &setting,
                        const AssignedSocket &socket) {
  static const std::vector<AssignerCase> cases = every_assigner_case();
  for (const AssignerCase &how : cases) {
    SKLAB_CHECK(check_assigner_case(one, assigner, setting, socket, how));
  }
  return Ok{};
}

Result<> check_kind(Case &one, const SocketKindCase &kind, AssignerSetting &setting) {
  SKLAB_TRY(const Sockets sockets, kind.open());
  for (Assigner &assigner : setting.assigners) {
    const int error = assigner.map.put(0, static_cast<uint64_t>(sockets.one.get()));
    if (error == EOPNOTSUPP && kind.may_refuse != nullptr) {
      return fail_as(ErrorKind::kUnavailable, "put socket into", assigner.name, error,
                     kind.may_refuse);
    }
    one.check(error == kind.put_error, [&] {
      return fmt::format("put into {}: expected errno {}, got {}", assigner.name, kind.put_error,
                         error);
    });
    if (error != 0) continue;
    const AssignedSocket socket = socket_in_map(sockets, kind.protocol, true);
    SKLAB_CHECK(check_assigned(one, assigner, setting, socket));
  }
  return Ok{};
}

Result<> check_change(Case &one, const Change &change, AssignerSetting &setting) {
  for (Assigner &assigner : setting.assigners) {
    SKLAB_TRY(Sockets sockets, change.open());
    const int error = assigner.map.put(0, static_cast<uint64_t>(sockets.one.get()));
    if (error != 0) return fail("put socket into", assigner.name, error);
    if (change.make(sockets) != 0) return fail("change", "socket", errno);
    const AssignedSocket socket = socket_in_map(sockets, change.protocol, !change.leaves);
    SKLAB_CHECK(check_assigned(one, assigner, setting, socket));
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
