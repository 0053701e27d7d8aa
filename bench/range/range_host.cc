// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "bench/range/range_host.h"

#include <chrono>
#include <optional>
#include <utility>

#include "bench/range/range_programs.h"
#include "bench/range/range_sockets.h"
#include "bench/range/tproxy_rule.h"
#include "harness/kernel/interface.h"
#include "harness/kernel/kernel_memory.h"
#include "harness/kernel/netns_link.h"
#include "harness/kernel/socket_set.h"
#include "harness/kernel/sysctl.h"
#include "harness/kernel/tc_program.h"

namespace sklab {
namespace {

// Whatever the method, packets to the range have to be taken for the host's own.
Result<> make_range_local(const Netns &netns, const FamilyCase &family) {
  SKLAB_TRY(const ScopedNetns inside, ScopedNetns::enter(netns));
  SKLAB_TRY(Interfaces interfaces, Interfaces::open());
  SKLAB_CHECK(interfaces.add_local_route("lo", family.range, range_prefix_bits(family)));
  // IPv6 sockets may bind to addresses that are local by their route only with this.
  return write_sysctl("/proc/sys/net/ipv6/ip_nonlocal_bind", "1");
}

}  // namespace

struct RangeHost::State {
  RangeMethod method;
  FamilyCase family;
  Netns netns;
  Uplink uplink;
  RangeSetUp set_up = {};
  std::optional<SocketSet> sockets = std::nullopt;
  std::optional<RangePrograms> programs = std::nullopt;
  std::optional<NetnsLink> link = std::nullopt;

  Result<> open_sockets() {
    const std::vector<SocketSpec> specs = range_sockets(method, family);
    set_up.sockets = specs.size();
    SKLAB_TRY(SocketSet opened, SocketSet::create(netns, specs));
    sockets.emplace(std::move(opened));
    return Ok{};
  }

  // The calling thread is in the netns.
  Result<> steer() {
    switch (method) {
      case RangeMethod::kSockets:
      case RangeMethod::kWildcards:
        return Ok{};
      case RangeMethod::kTproxy:
        SKLAB_CHECK(make_transparent(sockets->fd(0), family.range.family));
        return add_tproxy_rule(family, range_sockets(method, family).front().local);
      case RangeMethod::kReuseport:
      case RangeMethod::kTcAssign:
      case RangeMethod::kSkLookup:
        break;
    }
    SKLAB_TRY(RangePrograms loaded, RangePrograms::load(method, family, *sockets));
    programs.emplace(std::move(loaded));
    if (method == RangeMethod::kReuseport) return programs->attach_to_groups(*sockets);
    if (method == RangeMethod::kTcAssign) {
      return attach_tc_program(uplink.server_interface(), kUplinkInterface, TcDirection::kIngress,
                               programs->fd());
    }
    SKLAB_TRY(NetnsLink attached, NetnsLink::attach(programs->fd(), netns));
    link.emplace(std::move(attached));
    return Ok{};
  }

  Result<> open() {
    const auto before = slab_memory_bytes();
    const auto start = std::chrono::steady_clock::now();
    SKLAB_CHECK(open_sockets());
    {
      SKLAB_TRY(const ScopedNetns inside, ScopedNetns::enter(netns));
      SKLAB_CHECK(steer());
    }
    set_up.setup_ms =
        std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
    const auto after = slab_memory_bytes();
    if (!before || !after) return Ok{};
    set_up.memory_bytes = static_cast<double>(*after) - static_cast<double>(*before);
    if (!programs) return Ok{};
    SKLAB_TRY(const uint64_t bytes, program_memory_bytes(programs->fd()));
    *set_up.memory_bytes += static_cast<double>(bytes);
    return Ok{};
  }
};

RangeHost::RangeHost(std::unique_ptr<State> state) : state_(std::move(state)) {}
RangeHost::RangeHost(RangeHost &&) noexcept = default;
RangeHost &RangeHost::operator=(RangeHost &&) noexcept = default;
RangeHost::~RangeHost() = default;

Result<RangeHost> RangeHost::create(RangeMethod method, const FamilyCase &family) {
  SKLAB_TRY(Netns netns, Netns::create());
  SKLAB_TRY(Uplink uplink, Uplink::attach(netns, {{family.server}}));
  SKLAB_CHECK(uplink.open_client(family.client));
  SKLAB_CHECK(make_range_local(netns, family));
  auto state = std::make_unique<State>(State{method, family, std::move(netns), std::move(uplink)});
  SKLAB_CHECK(state->open());
  return RangeHost(std::move(state));
}

const RangeSetUp &RangeHost::set_up() const { return state_->set_up; }

const Netns &RangeHost::client() const { return state_->uplink.client(); }

int RangeHost::program_fd() const { return state_->programs ? state_->programs->fd() : -1; }

std::optional<ExchangeTarget> RangeHost::target(size_t number) const {
  const int server_fd = state_->sockets->fd(range_socket(state_->method, number));
  if (server_fd < 0) return std::nullopt;
  const size_t port = number % kRangeSize;
  return ExchangeTarget{{range_address(state_->family, number / kRangeSize),
                         static_cast<uint16_t>(kRangePortLow + port)},
                        server_fd};
}

}  // namespace sklab
