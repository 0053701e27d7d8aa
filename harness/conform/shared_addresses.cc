// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/conform/shared_addresses.h"

#include <fmt/format.h>
#include <linux/bpf.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <optional>
#include <string>

#include "harness/base/unique_fd.h"
#include "harness/conform/raw_program.h"
#include "harness/kernel/netns.h"
#include "harness/kernel/netns_link.h"
#include "harness/kernel/socket_address.h"
#include "harness/model/address.h"

namespace sklab {
namespace {

constexpr int kLongestWait_ms = 2000;
constexpr char kLoopback[] = "lo";

struct SharedSocket {
  const char *address;
  bool of_interface = false;  // bound to the loopback interface
};

struct SharedCase {
  const char *name;
  std::array<SharedSocket, 2> sockets;  // in the order in which they are bound
  size_t receiver;
  const char *destination;
};

constexpr SharedCase kCases[] = {
    {"IPv4, then both families, any address",
     {{{"0.0.0.0:7000"}, {"[::]:7000"}}},
     0,
     "127.0.0.1:7000"},
    {"both families, then IPv4, any address",
     {{{"[::]:7000"}, {"0.0.0.0:7000"}}},
     1,
     "127.0.0.1:7000"},
    {"IPv4, then both families, one address",
     {{{"127.0.0.1:7000"}, {"[::ffff:127.0.0.1]:7000"}}},
     0,
     "127.0.0.1:7000"},
    {"both families, then IPv4, one address",
     {{{"[::ffff:127.0.0.1]:7000"}, {"127.0.0.1:7000"}}},
     1,
     "127.0.0.1:7000"},
    {"both families, then IPv4, an IPv6 packet",
     {{{"[::]:7000"}, {"0.0.0.0:7000"}}},
     0,
     "[fd00::1]:7000"},
    {"alike, IPv4", {{{"127.0.0.1:7000"}, {"127.0.0.1:7000"}}}, 1, "127.0.0.1:7000"},
    {"alike, IPv6", {{{"[fd00::1]:7000"}, {"[fd00::1]:7000"}}}, 1, "[fd00::1]:7000"},
    {"one of an interface, IPv4",
     {{{"127.0.0.1:7000", true}, {"127.0.0.1:7000"}}},
     0,
     "127.0.0.1:7000"},
    {"one of an interface, IPv6",
     {{{"[fd00::1]:7000", true}, {"[fd00::1]:7000"}}},
     0,
     "[fd00::1]:7000"},
    {"both families of an interface, then IPv4",
     {{{"[::]:7000", true}, {"0.0.0.0:7000"}}},
     0,
     "127.0.0.1:7000"},
};

Result<UniqueFd> open_shared(const SharedSocket &spec) {
  SKLAB_TRY(const Endpoint local, parse_endpoint(spec.address));
  const SocketAddress address(local, local.address.family);
  UniqueFd fd(::socket(address.get()->sa_family, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (!fd.valid()) return fail("open", "socket", errno);
  constexpr int kOn = 1;
  if (::setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &kOn, sizeof(kOn)) != 0) {
    return fail("set SO_REUSEADDR of", spec.address, errno);
  }
  if (spec.of_interface &&
      ::setsockopt(fd.get(), SOL_SOCKET, SO_BINDTODEVICE, kLoopback, sizeof(kLoopback)) != 0) {
    return fail("set SO_BINDTODEVICE of", spec.address, errno);
  }
  if (::bind(fd.get(), address.get(), address.size()) != 0) {
    return fail("bind to", spec.address, errno);
  }
  return fd;
}

Result<> send_to(const char *destination) {
  SKLAB_TRY(const Endpoint to, parse_endpoint(destination));
  const SocketAddress address(to, to.address.family);
  const UniqueFd fd(::socket(address.get()->sa_family, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (!fd.valid()) return fail("open", "socket", errno);
  if (::sendto(fd.get(), "s", 1, 0, address.get(), address.size()) == 1) return Ok{};
  return fail("send to", destination, errno);
}

// Which of them got something; none if nobody did within kLongestWait_ms, or both.
std::optional<size_t> receiver_of(const UniqueFd &first, const UniqueFd &second) {
  std::array<pollfd, 2> ready{pollfd{first.get(), POLLIN, 0}, pollfd{second.get(), POLLIN, 0}};
  if (::poll(ready.data(), ready.size(), kLongestWait_ms) != 1) return std::nullopt;
  return (ready[0].revents & POLLIN) != 0 ? 0 : 1;
}

Result<> check_receiver(const SharedCase &test, const char *when, Case &result) {
  SKLAB_TRY(const UniqueFd first, open_shared(test.sockets[0]));
  SKLAB_TRY(const UniqueFd second, open_shared(test.sockets[1]));
  SKLAB_CHECK(send_to(test.destination));
  const std::optional<size_t> receiver = receiver_of(first, second);
  result.check(receiver == test.receiver, [&] {
    if (!receiver) return fmt::format("{} not exactly one of them received", when);
    return fmt::format("{} {}, bound {}, received", when, test.sockets[*receiver].address,
                       *receiver == 0 ? "first" : "last");
  });
  return Ok{};
}

Result<> check_case(const SharedCase &test, Case &result) {
  SKLAB_TRY(const Netns netns, Netns::create());
  SKLAB_TRY(const ScopedNetns inside, ScopedNetns::enter(netns));
  SKLAB_CHECK(check_receiver(test, "without a program", result));
  SKLAB_TRY(const UniqueFd program, load_constant_program(SK_PASS));
  SKLAB_TRY(const NetnsLink link, NetnsLink::attach(program.get(), netns));
  return check_receiver(test, "behind a program that passes", result);
}

}  // namespace

void check_shared_addresses(CaseLog &log) {
  for (const SharedCase &test : kCases) {
    log.run(test.name, [&](Case &result) { return check_case(test, result); });
  }
}

}  // namespace sklab
