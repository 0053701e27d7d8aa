// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/lifecycle/lifecycle_sockets.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <cerrno>

#include "harness/kernel/socket_address.h"
#include "harness/kernel/socket_set.h"

namespace sklab {
namespace {

// On loopback a connection takes microseconds; a busy machine may be late.
constexpr int kPatience_s = 10;

template <typename T>
Result<> set_socket_option(int fd, int level, int option, const T &value, const char *name) {
  if (::setsockopt(fd, level, option, &value, sizeof(value)) == 0) return Ok{};
  return fail("set socket option", name, errno);
}

Result<UniqueFd> open_with_options(const SocketSpec &spec, int more_flags) {
  const int family = spec.family == Family::kIpv4 ? AF_INET : AF_INET6;
  const int type = spec.protocol == Protocol::kTcp ? SOCK_STREAM : SOCK_DGRAM;
  UniqueFd fd(::socket(family, type | SOCK_CLOEXEC | more_flags, 0));
  if (!fd.valid()) return fail("open", "socket", errno);
  if (spec.protocol == Protocol::kTcp) {
    SKLAB_CHECK(set_socket_option(fd.get(), SOL_SOCKET, SO_REUSEADDR, 1, "SO_REUSEADDR"));
  }
  if (spec.reuseport_group) {
    SKLAB_CHECK(set_socket_option(fd.get(), SOL_SOCKET, SO_REUSEPORT, 1, "SO_REUSEPORT"));
  }
  if (spec.family == Family::kIpv6) {
    const int v6_only = spec.v6_only ? 1 : 0;
    SKLAB_CHECK(set_socket_option(fd.get(), IPPROTO_IPV6, IPV6_V6ONLY, v6_only, "IPV6_V6ONLY"));
  }
  return fd;
}

Result<> reset_on_close(const UniqueFd &fd) {
  return set_socket_option(fd.get(), SOL_SOCKET, SO_LINGER, linger{1, 0}, "SO_LINGER");
}

// Bound to the packet's source.
Result<UniqueFd> open_far_end(const Packet &packet) {
  SocketSpec spec;
  spec.protocol = Protocol::kTcp;
  spec.family = packet.source.address.family;
  SKLAB_TRY(UniqueFd far, open_with_options(spec, 0));
  SKLAB_CHECK(reset_on_close(far));
  SKLAB_CHECK(set_socket_option(far.get(), SOL_SOCKET, SO_SNDTIMEO, timeval{kPatience_s, 0},
                                "SO_SNDTIMEO"));
  const SocketAddress source(packet.source, spec.family);
  if (::bind(far.get(), source.get(), source.size()) == 0) return far;
  return fail("bind far end of a connection to", packet.source.text(), errno);
}

}  // namespace

Result<> LifecycleSockets::add(size_t number, Socket socket) {
  const int fd = socket.fd.get();
  SKLAB_CHECK(set_socket_option(fd, SOL_SOCKET, SO_MARK,
                                static_cast<int>(SocketSet::mark_of(number)), "SO_MARK"));
  uint64_t cookie = 0;
  socklen_t size = sizeof(cookie);
  if (::getsockopt(fd, SOL_SOCKET, SO_COOKIE, &cookie, &size) != 0) {
    return fail("read", "SO_COOKIE", errno);
  }
  cookies_[cookie] = number;
  sockets_[number] = std::move(socket);
  return Ok{};
}

Result<OperationResult> LifecycleSockets::open(const Operation &operation, const Netns &netns) {
  SKLAB_TRY(const ScopedNetns inside, ScopedNetns::enter(netns));
  SKLAB_TRY(UniqueFd fd, open_with_options(operation.spec, SOCK_NONBLOCK));
  SKLAB_CHECK(add(operation.socket, {std::move(fd), {}, operation.netns}));
  return OperationResult{};
}

Result<OperationResult> LifecycleSockets::establish(const Operation &operation, const Netns &netns,
                                                    const std::vector<size_t> &listeners) {
  SKLAB_TRY(const ScopedNetns inside, ScopedNetns::enter(netns));
  SKLAB_TRY(UniqueFd far, open_far_end(operation.packet));
  OperationResult result;
  const Endpoint &destination = operation.packet.destination;
  const SocketAddress address(destination, destination.address.family);
  if (::connect(far.get(), address.get(), address.size()) != 0) {
    result.error = -errno;
    return result;
  }
  std::vector<pollfd> waiting;
  waiting.reserve(listeners.size());
  for (const size_t listener : listeners) waiting.push_back({fd(listener), POLLIN, 0});
  ::poll(waiting.data(), waiting.size(), kPatience_s * 1000);
  for (const size_t listener : listeners) {
    UniqueFd near(::accept4(fd(listener), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
    if (!near.valid()) continue;
    SKLAB_CHECK(reset_on_close(near));
    SKLAB_CHECK(add(operation.socket, {std::move(near), std::move(far), operation.netns}));
    result.socket = listener;
    return result;
  }
  // Somebody else accepts it.
  result.error = -ETIMEDOUT;
  return result;
}

OperationResult LifecycleSockets::call(const Operation &operation) const {
  const int socket = fd(operation.socket);
  const SocketSpec &spec = operation.spec;
  int failed = -1;
  switch (operation.kind) {
    case OperationKind::kBind: {
      const SocketAddress address(spec.local, spec.family);
      failed = ::bind(socket, address.get(), address.size());
      break;
    }
    case OperationKind::kListen:
      failed = ::listen(socket, 16);
      break;
    case OperationKind::kConnect: {
      const SocketAddress address(*spec.peer, spec.family);
      failed = ::connect(socket, address.get(), address.size());
      break;
    }
    case OperationKind::kShutDown:
      failed = ::shutdown(socket, SHUT_RD);
      break;
    default: {
      const sockaddr nowhere = {AF_UNSPEC, {}};
      failed = ::connect(socket, &nowhere, sizeof(nowhere));
    }
  }
  OperationResult result;
  if (failed != 0) result.error = -errno;
  return result;
}

void LifecycleSockets::close_all(size_t netns) {
  std::erase_if(sockets_, [netns](const auto &entry) { return entry.second.netns == netns; });
}

void LifecycleSockets::clear() {
  sockets_.clear();
  cookies_.clear();
}

size_t LifecycleSockets::number_of(uint64_t cookie) const {
  const auto found = cookies_.find(cookie);
  return found == cookies_.end() ? kNoSuchSocket : found->second;
}

}  // namespace sklab
