// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/path/socket_watch.h"

#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <span>
#include <utility>

namespace sklab {
namespace {

constexpr size_t kPayloadLimit = 2048;

Result<> report_errors(int fd, const SocketSpec &spec) {
  const int on = 1;
  // An IPv6 socket gets the errors of both families.
  const bool ipv6 = spec.family == Family::kIpv6;
  const bool set = ::setsockopt(fd, IPPROTO_IP, IP_RECVERR, &on, sizeof(on)) == 0 &&
                   (!ipv6 || ::setsockopt(fd, IPPROTO_IPV6, IPV6_RECVERR, &on, sizeof(on)) == 0);
  if (!set) return fail("report ICMP errors at socket", spec.name, errno);
  return Ok{};
}

// Empties the error queue, which also clears the socket's pending error; the last error that a
// socket without a queue has is cleared by reading it.
Result<int> take_errors(int fd) {
  std::array<char, 512> control;
  msghdr message{};
  message.msg_control = control.data();
  message.msg_controllen = control.size();
  int error = 0;
  socklen_t size = sizeof(error);
  if (::getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) != 0) {
    return fail("read", "SO_ERROR", errno);
  }
  while (::recvmsg(fd, &message, MSG_ERRQUEUE | MSG_DONTWAIT) >= 0) {
    message.msg_controllen = control.size();
  }
  if (errno != EAGAIN) return fail("read", "error queue", errno);
  return error;
}

Result<Received> take_data(int fd, size_t socket) {
  Received received{socket, ReceivedKind::kData, std::vector<uint8_t>(kPayloadLimit), {}, 0};
  const ssize_t length = ::recv(fd, received.payload.data(), kPayloadLimit, MSG_DONTWAIT);
  if (length < 0) return fail("receive at socket", std::to_string(socket), errno);
  received.payload.resize(static_cast<size_t>(length));
  return received;
}

Result<Received> take_connection(int fd, size_t socket) {
  Received received{socket, ReceivedKind::kConnection, {}, {}, 0};
  received.connection.reset(::accept4(fd, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
  if (!received.connection.valid()) {
    return fail("accept at socket", std::to_string(socket), errno);
  }
  return received;
}

}  // namespace

Result<SocketWatch> SocketWatch::create(const SocketSet &sockets,
                                        const std::vector<SocketSpec> &specs) {
  SocketWatch watch;
  watch.epoll_.reset(::epoll_create1(EPOLL_CLOEXEC));
  if (!watch.epoll_.valid()) return fail("create", "epoll instance", errno);
  for (size_t i = 0; i < specs.size(); ++i) {
    const bool tcp = specs[i].protocol == Protocol::kTcp;
    const int fd = sockets.fd(i);
    if (fd < 0) {
      return fail_as(ErrorKind::kUnavailable, "watch socket", specs[i].name, EMFILE,
                     "raise the limit of open files (ulimit -n)");
    }
    if (!tcp) SKLAB_CHECK(report_errors(fd, specs[i]));
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.u64 = i;
    if (::epoll_ctl(watch.epoll_.get(), EPOLL_CTL_ADD, fd, &event) != 0) {
      return fail("watch socket", specs[i].name, errno);
    }
    const Role connected = specs[i].peer ? Role::kConnection : Role::kListener;
    watch.sockets_.push_back({fd, tcp ? connected : Role::kDatagrams});
  }
  return watch;
}

Result<> SocketWatch::end_connection(size_t socket, std::vector<Received> &all) const {
  all.push_back({socket, ReceivedKind::kClosed, {}, {}, 0});
  if (::epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, sockets_[socket].fd, nullptr) == 0) return Ok{};
  return fail("stop watching socket", std::to_string(socket), errno);
}

Result<> SocketWatch::take_from(size_t socket, uint32_t events, std::vector<Received> &all) const {
  const auto [fd, role] = sockets_[socket];
  if (role == Role::kDatagrams && (events & EPOLLERR) != 0) {
    SKLAB_TRY(const int error, take_errors(fd));
    all.push_back({socket, ReceivedKind::kError, {}, {}, error});
    return Ok{};
  }
  if (role == Role::kListener) {
    SKLAB_TRY(Received connection, take_connection(fd, socket));
    all.push_back(std::move(connection));
    return Ok{};
  }
  const bool reset = role == Role::kConnection && (events & (EPOLLERR | EPOLLHUP)) != 0;
  if (reset) return end_connection(socket, all);
  SKLAB_TRY(Received received, take_data(fd, socket));
  // A connection's end can be read again and again.
  if (role == Role::kConnection && received.payload.empty()) return end_connection(socket, all);
  all.push_back(std::move(received));
  return Ok{};
}

Result<std::vector<Received>> SocketWatch::take() {
  std::vector<Received> all;
  if (sockets_.empty()) return all;
  std::array<epoll_event, 16> events;
  while (true) {
    const int count = ::epoll_wait(epoll_.get(), events.data(), static_cast<int>(events.size()), 0);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return fail("wait for", "the population", errno);
    if (count == 0) return all;
    for (const epoll_event &event : std::span(events).first(static_cast<size_t>(count))) {
      SKLAB_CHECK(take_from(event.data.u64, event.events, all));
    }
  }
}

}  // namespace sklab
