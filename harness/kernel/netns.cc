// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/kernel/netns.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstdlib>

#include "harness/kernel/interface.h"
#include "harness/kernel/sysctl.h"

namespace sklab {
namespace {

// The thread's own namespace; /proc/self would be that of the main thread.
constexpr char kThreadNetns[] = "/proc/thread-self/ns/net";

Result<UniqueFd> open_current() {
  UniqueFd fd(::open(kThreadNetns, O_RDONLY | O_CLOEXEC));
  if (!fd.valid()) return fail("open", kThreadNetns, errno);
  return fd;
}

Result<NetnsId> current_id() {
  SKLAB_TRY(const UniqueFd fd, open_current());
  return netns_id(fd.get());
}

// Read once, by the first caller: isolate_process() in every program that has one.
const Result<NetnsId> &starting_id() {
  static const Result<NetnsId> id = current_id();
  return id;
}

Result<> unshare_netns() {
  if (::unshare(CLONE_NEWNET) == 0) return Ok{};
  const int error = errno;
  const ErrorKind kind = error == EPERM ? ErrorKind::kUnavailable : ErrorKind::kHarness;
  return fail_as(kind, "create a network namespace", "", error,
                 error == EPERM ? "run as root (CAP_SYS_ADMIN is needed)" : "");
}

Result<> set_up_loopback() {
  SKLAB_TRY(auto interfaces, Interfaces::open());
  SKLAB_CHECK(interfaces.set_up("lo"));
  for (const char *address : {"fd00::1", "fd00::2", "fd00::3"}) {
    SKLAB_TRY(const IpAddress parsed, parse_address(address));
    SKLAB_CHECK(interfaces.add_address("lo", parsed, 128));
    SKLAB_CHECK(interfaces.wait_until_reached(parsed));
  }
  return Ok{};
}

}  // namespace

Result<NetnsId> netns_id(int netns_fd) {
  struct stat status {};
  if (::fstat(netns_fd, &status) != 0) return fail("stat", "network namespace", errno);
  return NetnsId{status.st_dev, status.st_ino};
}

Result<> isolate_process() {
  if (!starting_id()) return tl::unexpected(starting_id().error());
  return unshare_netns();
}

Result<bool> is_starting_netns(int netns_fd) {
  if (!starting_id()) return tl::unexpected(starting_id().error());
  SKLAB_TRY(const NetnsId id, netns_id(netns_fd));
  return id == *starting_id();
}

Result<Netns> Netns::create() {
  if (!starting_id()) return tl::unexpected(starting_id().error());
  SKLAB_TRY(UniqueFd previous, open_current());
  SKLAB_CHECK(unshare_netns());
  auto fd = open_current();
  auto loopback = set_up_loopback();
  // A thread that cannot go back would run everything else in the wrong place.
  if (::setns(previous.get(), CLONE_NEWNET) != 0) std::abort();
  if (!fd) return tl::unexpected(std::move(fd).error());
  if (!loopback) return tl::unexpected(std::move(loopback).error());
  return Netns(std::move(*fd));
}

Result<> Netns::make_every_address_local() const {
  SKLAB_TRY(const ScopedNetns inside, ScopedNetns::enter(*this));
  SKLAB_TRY(auto interfaces, Interfaces::open());
  SKLAB_CHECK(interfaces.add_default_route("lo", Family::kIpv4, RouteTo::kHere));
  SKLAB_CHECK(interfaces.add_default_route("lo", Family::kIpv6, RouteTo::kHere));
  // IPv6 sockets may bind to addresses that are local by their route only with this.
  return write_sysctl("/proc/sys/net/ipv6/ip_nonlocal_bind", "1");
}

Result<ScopedNetns> ScopedNetns::enter(const Netns &netns) {
  SKLAB_TRY(UniqueFd previous, open_current());
  if (::setns(netns.fd(), CLONE_NEWNET) != 0) return fail("enter", "network namespace", errno);
  return ScopedNetns(std::move(previous));
}

ScopedNetns::~ScopedNetns() {
  if (previous_.valid() && ::setns(previous_.get(), CLONE_NEWNET) != 0) std::abort();
}

}  // namespace sklab
