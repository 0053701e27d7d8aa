// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/path/end_counter.h"

#include <bpf/libbpf.h>
#include <linux/filter.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <string>
#include <utility>

#include "bpf/abi.h"
#include "harness/kernel/mapped_array.h"
#include "harness/kernel/skeleton.h"
#include "harness/kernel/sysctl.h"
#include "harness/kernel/tc_program.h"
#include "harness/kernel/uplink.h"
#include "harness/path/flood_frame.h"
#include "replies_bpf.skel.h"

namespace sklab {
namespace {

// As the series' tables were made: "SYN cookies always on".
constexpr char kCookiesAlways[] = "2";

template <typename T>
Result<> set_option(int fd, int level, int option, const T &value, const char *name) {
  if (::setsockopt(fd, level, option, &value, sizeof(value)) == 0) return Ok{};
  return fail("set socket option", name, errno);
}

Result<> throw_everything_away(int fd) {
  sock_filter nothing = BPF_STMT(BPF_RET | BPF_K, 0);
  const sock_fprog filter{1, &nothing};
  return set_option(fd, SOL_SOCKET, SO_ATTACH_FILTER, filter, "SO_ATTACH_FILTER");
}

Result<> refuse_low_hop_limits(int fd, Family family) {
  const int limit = kFloodHopLimit;
  if (family == Family::kIpv4) return set_option(fd, IPPROTO_IP, IP_MINTTL, limit, "IP_MINTTL");
  return set_option(fd, IPPROTO_IPV6, IPV6_MINHOPCOUNT, limit, "IPV6_MINHOPCOUNT");
}

Result<> prepare_sockets(const SocketSet &sockets, const std::vector<SocketSpec> &population) {
  for (size_t i = 0; i < population.size(); ++i) {
    SKLAB_CHECK(population[i].protocol == Protocol::kUdp
                    ? throw_everything_away(sockets.fd(i))
                    : refuse_low_hop_limits(sockets.fd(i), population[i].family));
  }
  return Ok{};
}

// Packets that a socket threw away, modulo 2^32.
Result<uint32_t> drops_of(int fd) {
  std::array<uint32_t, SK_MEMINFO_VARS> values{};
  socklen_t length = sizeof(values);
  if (::getsockopt(fd, SOL_SOCKET, SO_MEMINFO, values.data(), &length) != 0) {
    return fail("read socket option", "SO_MEMINFO", errno);
  }
  return values[SK_MEMINFO_DROPS];
}

}  // namespace

struct EndCounter::State {
  std::vector<SocketSpec> population;
  std::vector<int> fds;  // of the population
  Skeleton<replies_bpf> object;
  mutable MappedArray<sklab_replies> replies;
};

EndCounter::EndCounter(std::unique_ptr<State> state) : state_(std::move(state)) {}
EndCounter::EndCounter(EndCounter &&) noexcept = default;
EndCounter &EndCounter::operator=(EndCounter &&) noexcept = default;
EndCounter::~EndCounter() = default;

Result<EndCounter> EndCounter::create(int interface, const SocketSet &sockets,
                                      const std::vector<SocketSpec> &population) {
  if (population.size() >= SKLAB_REPLY_MARKS) {
    return fail_as(ErrorKind::kUnavailable,
                   "flood so many sockets:", std::to_string(population.size()));
  }
  SKLAB_CHECK(prepare_sockets(sockets, population));
  SKLAB_CHECK(write_sysctl("/proc/sys/net/ipv4/tcp_syncookies", kCookiesAlways));
  SKLAB_TRY(auto object, Skeleton<replies_bpf>::open_and_load("replies"));
  SKLAB_TRY(auto replies, MappedArray<sklab_replies>::map(object->maps.replies));
  SKLAB_CHECK(attach_tc_program(interface, kUplinkInterface, TcDirection::kEgress,
                                bpf_program__fd(object->progs.count_replies)));
  std::vector<int> fds;
  for (size_t i = 0; i < sockets.size(); ++i) fds.push_back(sockets.fd(i));
  return EndCounter(std::make_unique<State>(
      State{population, std::move(fds), std::move(object), std::move(replies)}));
}

Result<EndCounter::Counts> EndCounter::read() const {
  Counts counts;
  SKLAB_TRY(counts.network, read_network_counters());
  const sklab_replies &replies = state_->replies[0];
  for (size_t i = 0; i < state_->population.size(); ++i) {
    uint64_t got = replies.syn_acks[SocketSet::mark_of(i)];
    if (state_->population[i].protocol == Protocol::kUdp) {
      SKLAB_TRY(got, drops_of(state_->fds[i]));
    }
    counts.sockets.push_back(got);
  }
  counts.resets = replies.resets;
  return counts;
}

PacketEnds EndCounter::ends(const Packet &packet, const Counts &before, const Counts &after) const {
  PacketEnds ends = ends_by_counters(packet.protocol, packet.source.address.family, before.network,
                                     after.network);
  for (size_t i = 0; i < state_->population.size(); ++i) {
    const bool udp = state_->population[i].protocol == Protocol::kUdp;
    const uint64_t got = after.sockets[i] - before.sockets[i];
    const uint64_t packets = udp ? static_cast<uint32_t>(got) : got;
    if (packets != 0) ends[end_at_socket(state_->population[i].name)] = packets;
  }
  if (after.resets != before.resets) ends[kEndByReset] = after.resets - before.resets;
  return ends;
}

Result<uint64_t> EndCounter::arrivals_since(const Counts &before, Family family) const {
  SKLAB_TRY(const NetworkCounters now, read_network_counters());
  return arrivals(family, before.network, now);
}

}  // namespace sklab
