// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/kernel/socket_set.h"

#include <sys/resource.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <iterator>
#include <span>
#include <system_error>

#include "harness/kernel/fd_table.h"
#include "harness/kernel/socket_address.h"
#include "harness/model/bind_rules.h"

namespace sklab {
namespace {

Result<> set_option(int fd, int level, int option, int value, const char *name) {
  if (::setsockopt(fd, level, option, &value, sizeof(value)) == 0) return Ok{};
  return fail("set socket option", name, errno);
}

Result<UniqueFd> open_socket(const SocketSpec &spec) {
  const int family = spec.family == Family::kIpv4 ? AF_INET : AF_INET6;
  const int type = spec.protocol == Protocol::kTcp ? SOCK_STREAM : SOCK_DGRAM;
  UniqueFd fd(::socket(family, type | SOCK_CLOEXEC, 0));
  if (!fd.valid()) {
    return fail("open socket", spec.name, errno,
                errno == EMFILE ? "raise the limit of open files (ulimit -n)" : "");
  }
  // Lets a listener bind beside its established sockets, and a test bind a port again at once. UDP
  // must not have it: there it lets unrelated sockets share an endpoint.
  if (spec.protocol == Protocol::kTcp) {
    SKLAB_CHECK(set_option(fd.get(), SOL_SOCKET, SO_REUSEADDR, 1, "SO_REUSEADDR"));
  }
  if (spec.reuseport_group) {
    SKLAB_CHECK(set_option(fd.get(), SOL_SOCKET, SO_REUSEPORT, 1, "SO_REUSEPORT"));
  }
  if (spec.family == Family::kIpv6) {
    SKLAB_CHECK(set_option(fd.get(), IPPROTO_IPV6, IPV6_V6ONLY, spec.v6_only, "IPV6_V6ONLY"));
  }
  return fd;
}

Result<> bind_to(int fd, const Endpoint &endpoint, const SocketSpec &spec) {
  const SocketAddress address(endpoint, spec.family);
  if (::bind(fd, address.get(), address.size()) == 0) return Ok{};
  return fail("bind socket " + spec.name + " to", endpoint.text(), errno);
}

Result<> connect_to(int fd, const Endpoint &endpoint, const SocketSpec &spec) {
  const SocketAddress address(endpoint, spec.family);
  if (::connect(fd, address.get(), address.size()) == 0) return Ok{};
  return fail("connect socket " + spec.name + " to", endpoint.text(), errno);
}

Result<> listen_on(int fd, const SocketSpec &spec) {
  if (::listen(fd, 16) == 0) return Ok{};
  return fail("listen on socket", spec.name, errno);
}

struct Connection {
  UniqueFd near;
  UniqueFd far;
};

// The near end is the accepted socket, as it would be on a server; its listener is closed again.
Result<Connection> establish(const SocketSpec &spec, const ConnectPeer &connect_peer) {
  SKLAB_TRY(const UniqueFd listener, open_socket(spec));
  SKLAB_CHECK(bind_to(listener.get(), spec.local, spec));
  SKLAB_CHECK(listen_on(listener.get(), spec));
  Connection connection;
  SKLAB_TRY(connection.far, connect_peer(spec));
  connection.near.reset(::accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC));
  if (!connection.near.valid()) return fail("accept for socket", spec.name, errno);
  return connection;
}

Result<UniqueFd> open_bound(const SocketSpec &spec) {
  SKLAB_TRY(UniqueFd fd, open_socket(spec));
  SKLAB_CHECK(bind_to(fd.get(), spec.local, spec));
  if (spec.protocol == Protocol::kTcp) SKLAB_CHECK(listen_on(fd.get(), spec));
  return fd;
}

Result<size_t> count_open_descriptors() {
  constexpr char kDescriptors[] = "/proc/self/fd";
  std::error_code error;
  const std::filesystem::directory_iterator first(kDescriptors, error);
  if (error) return fail("list", kDescriptors, error.value());
  return static_cast<size_t>(std::distance(first, {}));
}

// How many more descriptors fit into the process's table, and how many into a fresh one.
struct TableRoom {
  size_t own = 0;
  size_t fresh = 0;
};

// Raises the limit of open files as far as is allowed, for `wanted` more.
Result<TableRoom> make_room(size_t wanted) {
  constexpr size_t kOthers = 512;  // libraries, BPF objects
  SKLAB_TRY(const size_t open, count_open_descriptors());
  const rlim_t needed = open + wanted + kOthers;
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return fail("read", "RLIMIT_NOFILE", errno);
  if (limit.rlim_cur < needed) {
    rlimit raised{needed, std::max(limit.rlim_max, needed)};
    if (::setrlimit(RLIMIT_NOFILE, &raised) != 0) {
      // Without CAP_SYS_RESOURCE the hard limit is the limit.
      raised = {limit.rlim_max, limit.rlim_max};
      if (::setrlimit(RLIMIT_NOFILE, &raised) != 0) return fail("raise", "RLIMIT_NOFILE", errno);
    }
    limit = raised;
  }
  const size_t fresh = std::max<size_t>(limit.rlim_cur, 2 * kOthers) - kOthers;
  return TableRoom{fresh - std::min(fresh, open), fresh};
}

Result<UniqueFd> open_marked(const SocketSpec &spec, size_t index) {
  SKLAB_TRY(UniqueFd fd, open_bound(spec));
  const auto mark = static_cast<int>(SocketSet::mark_of(index));
  SKLAB_CHECK(set_option(fd.get(), SOL_SOCKET, SO_MARK, mark, "SO_MARK"));
  return fd;
}

// Sockets that are not established. All are bound, in this order, before the first is connected:
// since Linux 6.13 connect() takes a UDP socket out of its reuseport group, and members bound after
// that would form a group without the earlier ones (udp_lib_hash4).
Result<std::vector<UniqueFd>> open_all(const std::vector<SocketSpec> &specs,
                                       std::span<const size_t> indices) {
  std::vector<UniqueFd> fds;
  fds.reserve(indices.size());
  for (const size_t i : indices) {
    SKLAB_TRY(UniqueFd fd, open_marked(specs[i], i));
    fds.push_back(std::move(fd));
  }
  for (size_t k = 0; k < indices.size(); ++k) {
    const SocketSpec &spec = specs[indices[k]];
    if (spec.peer) SKLAB_CHECK(connect_to(fds[k].get(), *spec.peer, spec));
  }
  return fds;
}

}  // namespace

Result<UniqueFd> connect_peer_socket(const SocketSpec &spec) {
  SKLAB_TRY(UniqueFd far, open_socket(spec));
  SKLAB_CHECK(bind_to(far.get(), *spec.peer, spec));
  SKLAB_CHECK(connect_to(far.get(), spec.local, spec));
  return far;
}

Result<SocketSet> SocketSet::create(const Netns &netns, const std::vector<SocketSpec> &specs,
                                    const ConnectPeer &connect_peer) {
  const auto established =
      static_cast<size_t>(std::count_if(specs.begin(), specs.end(), is_established));
  SKLAB_TRY(const TableRoom room, make_room(specs.size() + established));
  SKLAB_TRY(const ScopedNetns inside, ScopedNetns::enter(netns));
  SocketSet set;
  set.sockets_.resize(specs.size());
  // Established sockets first, and all of them in this table: each needs its address's listener for
  // a moment.
  std::vector<size_t> others;
  for (size_t i = 0; i < specs.size(); ++i) {
    if (!is_established(specs[i])) {
      others.push_back(i);
      continue;
    }
    SKLAB_TRY(Connection connection, establish(specs[i], connect_peer));
    set.sockets_[i] = std::move(connection.near);
    set.peers_.push_back(std::move(connection.far));
    SKLAB_CHECK(
        set_option(set.fd(i), SOL_SOCKET, SO_MARK, static_cast<int>(mark_of(i)), "SO_MARK"));
  }
  std::span<const size_t> left(others);
  const size_t here = std::min(left.size(), room.own - std::min(room.own, 2 * established));
  SKLAB_TRY(std::vector<UniqueFd> opened, open_all(specs, left.first(here)));
  for (size_t k = 0; k < here; ++k) set.sockets_[left[k]] = std::move(opened[k]);
  for (left = left.subspan(here); !left.empty();) {
    const auto indices = left.first(std::min(left.size(), room.fresh));
    SKLAB_TRY(FdTable table, FdTable::create([&] { return open_all(specs, indices); }));
    set.more_.push_back(std::move(table));
    left = left.subspan(indices.size());
  }
  return set;
}

Result<uint64_t> SocketSet::cookie(size_t index) const {
  uint64_t cookie = 0;
  socklen_t size = sizeof(cookie);
  if (fd(index) < 0) {
    return fail_as(ErrorKind::kUsage, "use so many sockets:", std::to_string(sockets_.size()),
                   EMFILE, "raise the limit of open files (ulimit -n)");
  }
  if (::getsockopt(fd(index), SOL_SOCKET, SO_COOKIE, &cookie, &size) == 0) return cookie;
  return fail("read", "SO_COOKIE", errno);
}

}  // namespace sklab
