// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/conform/mapped_sockets.h"

#include <fcntl.h>
#include <linux/vm_sockets.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <utility>

#include "harness/kernel/socket_address.h"

namespace sklab {
namespace {

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

constexpr std::array<SocketChange, 10> kChanges = {{
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

}  // namespace

std::span<const SocketKindCase> socket_kinds() { return kKinds; }
std::span<const SocketChange> socket_changes() { return kChanges; }

}  // namespace sklab
