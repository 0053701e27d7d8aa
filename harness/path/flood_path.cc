// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/path/flood_path.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <linux/filter.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <optional>
#include <thread>

#include "bpf/abi.h"
#include "harness/kernel/mapped_array.h"
#include "harness/kernel/network_counters.h"
#include "harness/kernel/skeleton.h"
#include "harness/kernel/sysctl.h"
#include "harness/path/flood_frame.h"
#include "harness/path/live_frames.h"
#include "harness/path/raw_flood.h"
#include "harness/path/tool_flood.h"
#include "replies_bpf.skel.h"

namespace sklab {
namespace {

// As the series' tables were made: "SYN cookies always on".
constexpr char kCookiesAlways[] = "2";

constexpr auto kPause = std::chrono::milliseconds(1);
constexpr auto kToolStart = std::chrono::seconds(5);
constexpr auto kToolWindow = std::chrono::milliseconds(50);

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

// Goes with its interface.
Result<> count_replies(int interface, const bpf_program *program) {
  LIBBPF_OPTS(bpf_tc_hook, hook, .ifindex = interface, .attach_point = BPF_TC_EGRESS);
  int error = bpf_tc_hook_create(&hook);
  if (error == 0) {
    LIBBPF_OPTS(bpf_tc_opts, options, .prog_fd = bpf_program__fd(program));
    error = bpf_tc_attach(&hook, &options);
  }
  if (error == 0) return Ok{};
  return fail_as(ErrorKind::kUnavailable, "attach TC program to", kUplinkInterface, -error,
                 "the kernel needs NET_CLS_BPF and NET_SCH_INGRESS");
}

}  // namespace

struct FloodPath::State {
  Uplink uplink;
  std::vector<SocketSpec> population;
  std::vector<int> fds;  // of the population
  Skeleton<replies_bpf> object;
  MappedArray<sklab_replies> replies;
  // One of them.
  std::optional<LiveFrames> live;
  std::optional<RawFlood> raw;
  std::optional<ToolFlood> tool;
  // Of the thread that made this.
  Result<ProcessorCounters> counters;

  // All that counts packets.
  struct Counts {
    NetworkCounters network;
    std::vector<uint32_t> drops;  // of every UDP socket
    sklab_replies replies{};
  };

  Result<Counts> read_counts() {
    Counts counts;
    SKLAB_TRY(counts.network, read_network_counters());
    for (size_t i = 0; i < population.size(); ++i) {
      if (population[i].protocol != Protocol::kUdp) continue;
      SKLAB_TRY(const uint32_t drops, drops_of(fds[i]));
      counts.drops.push_back(drops);
    }
    counts.replies = replies[0];
    return counts;
  }

  PacketEnds ends_of(const Packet &packet, const Counts &before, const Counts &after) const {
    PacketEnds ends = ends_by_counters(packet.protocol, packet.source.address.family,
                                       before.network, after.network);
    for (size_t i = 0; i < population.size(); ++i) {
      const uint32_t mark = SocketSet::mark_of(i);
      const uint64_t got =
          before.drops.empty()
              ? after.replies.syn_acks[mark] - before.replies.syn_acks[mark]
              : static_cast<uint64_t>(static_cast<uint32_t>(after.drops[i] - before.drops[i]));
      if (got != 0) ends[end_at_socket(population[i].name)] = got;
    }
    const uint64_t resets = after.replies.resets - before.replies.resets;
    if (resets != 0) ends[kEndByReset] = resets;
    return ends;
  }

  [[nodiscard]] Result<ProcessorCounts> read_counters() const {
    if (!counters) return tl::unexpected(counters.error());
    return counters->read();
  }

  Result<uint64_t> send(const FloodBatch &batch) {
    const auto header = uplink.arriving_header(batch.packet.source.address.family);
    if (raw) return raw->send(batch, header);
    const FloodFrame frame = make_flood_frame(header, batch);
    return live->send(batch, frame);
  }

  [[nodiscard]] Result<uint64_t> arrivals_since(const Counts &before, Family family) const {
    SKLAB_TRY(const NetworkCounters now, read_network_counters());
    return arrivals(family, before.network, now);
  }

  Result<> wait_for_tool(ChildProcess &child, const Counts &before, Family family) const {
    const auto deadline = std::chrono::steady_clock::now() + kToolStart;
    while (std::chrono::steady_clock::now() < deadline) {
      SKLAB_TRY(const uint64_t arrived, arrivals_since(before, family));
      if (arrived >= kFloodBurst) return Ok{};
      if (child.exit_code()) break;
      std::this_thread::sleep_for(kPause);
    }
    std::string output = child.read_output();
    output.erase(0, output.find_first_not_of(" \n"));
    return fail_as(ErrorKind::kUnavailable, "have packets sent by another program: it said",
                   output.substr(0, output.find('\n')));
  }

  // What a veth pair carries may still be on its way when its sender has ended.
  Result<Counts> settled_counts(const Counts &before, Family family) {
    for (uint64_t last = 0;;) {
      SKLAB_TRY(const uint64_t arrived, arrivals_since(before, family));
      if (arrived == last) return read_counts();
      last = arrived;
      std::this_thread::sleep_for(10 * kPause);
    }
  }

  Result<FloodResult> run_tool(const FloodBatch &batch) {
    if (batch.fate == FloodFate::kNotReceived) {
      return fail_as(ErrorKind::kUnavailable, "tell what another program takes to make packets");
    }
    const Family family = batch.packet.source.address.family;
    SKLAB_TRY(const Counts before, read_counts());
    SKLAB_TRY(ChildProcess child, tool->start(batch, uplink));
    SKLAB_CHECK(wait_for_tool(child, before, family));
    const auto start = std::chrono::steady_clock::now();
    SKLAB_TRY(const uint64_t first, arrivals_since(before, family));
    std::this_thread::sleep_for(kToolWindow);
    const std::chrono::duration<double, std::nano> elapsed =
        std::chrono::steady_clock::now() - start;
    SKLAB_TRY(const uint64_t last, arrivals_since(before, family));
    child.signal(SIGKILL);
    while (!child.exit_code()) std::this_thread::sleep_for(kPause);
    SKLAB_TRY(const Counts after, settled_counts(before, family));
    const double each_ns =
        elapsed.count() / static_cast<double>(std::max<uint64_t>(last - first, 1));
    return FloodResult{static_cast<uint64_t>(each_ns * static_cast<double>(batch.packets)),
                       arrivals(family, before.network, after.network),
                       ends_of(batch.packet, before, after),
                       {}};
  }

  // Counts once everything has arrived: what a veth pair carries may still be on its way, in a
  // thread of the kernel's. Errors: kMismatch if not all did.
  Result<Counts> read_counts_after(const Counts &before, Family family, uint64_t expected) {
    constexpr int kTries = 1000;
    uint64_t arrived = 0;
    for (int i = 0; i < kTries; ++i) {
      SKLAB_TRY(Counts after, read_counts());
      arrived = arrivals(family, before.network, after.network);
      if (arrived == expected) return after;
      if (arrived > expected || live) break;
      std::this_thread::sleep_for(kPause);
    }
    return fail_as(ErrorKind::kMismatch, "see packets arrive:",
                   std::to_string(arrived) + " of " + std::to_string(expected));
  }
};

FloodPath::FloodPath(std::unique_ptr<State> state) : state_(std::move(state)) {}
FloodPath::FloodPath(FloodPath &&) noexcept = default;
FloodPath &FloodPath::operator=(FloodPath &&) noexcept = default;
FloodPath::~FloodPath() = default;

Result<> FloodPath::open_generator(FloodGenerator generator, State &state) {
  switch (generator) {
    case FloodGenerator::kLiveFrames: {
      SKLAB_TRY(LiveFrames live, LiveFrames::create(state.uplink));
      state.live.emplace(std::move(live));
      return Ok{};
    }
    case FloodGenerator::kRaw: {
      SKLAB_TRY(RawFlood raw, RawFlood::open(state.uplink));
      state.raw.emplace(std::move(raw));
      return Ok{};
    }
    case FloodGenerator::kTrafgen:
    case FloodGenerator::kXdpTrafficgen:
      break;
  }
  SKLAB_TRY(ToolFlood tool, ToolFlood::open(generator == FloodGenerator::kTrafgen
                                                ? ToolFlood::Tool::kTrafgen
                                                : ToolFlood::Tool::kXdpTrafficgen));
  state.tool.emplace(std::move(tool));
  return Ok{};
}

Result<FloodPath> FloodPath::create(const Netns &server, Uplink uplink, const SocketSet &sockets,
                                    const std::vector<SocketSpec> &population,
                                    FloodGenerator generator) {
  if (population.size() >= SKLAB_REPLY_MARKS) {
    return fail_as(ErrorKind::kUnavailable,
                   "flood so many sockets:", std::to_string(population.size()));
  }
  SKLAB_TRY(const ScopedNetns inside, ScopedNetns::enter(server));
  SKLAB_CHECK(prepare_sockets(sockets, population));
  SKLAB_CHECK(write_sysctl("/proc/sys/net/ipv4/tcp_syncookies", kCookiesAlways));
  SKLAB_TRY(auto object, Skeleton<replies_bpf>::open_and_load("replies"));
  SKLAB_TRY(auto replies, MappedArray<sklab_replies>::map(object->maps.replies));
  SKLAB_CHECK(count_replies(uplink.server_interface(), object->progs.count_replies));
  std::vector<int> fds;
  for (size_t i = 0; i < sockets.size(); ++i) fds.push_back(sockets.fd(i));
  auto state = std::make_unique<State>(State{std::move(uplink),
                                             population,
                                             std::move(fds),
                                             std::move(object),
                                             std::move(replies),
                                             {},
                                             {},
                                             {},
                                             ProcessorCounters::open()});
  SKLAB_CHECK(open_generator(generator, *state));
  return FloodPath(std::move(state));
}

Result<FloodResult> FloodPath::run(const FloodBatch &batch) const {
  const uint64_t packets = packets_sent(batch);
  if (batch.packets % kFloodBurst != 0 || packets > INT32_MAX) {
    return fail("flood with so many packets:", std::to_string(batch.packets), EINVAL);
  }
  if (state_->tool) return state_->run_tool(batch);
  SKLAB_TRY(const State::Counts before, state_->read_counts());
  const auto counted_before = state_->read_counters();
  SKLAB_TRY(const uint64_t elapsed_ns, state_->send(batch));
  const auto counted = state_->read_counters();
  SKLAB_TRY(const State::Counts after,
            state_->read_counts_after(before, batch.packet.source.address.family,
                                      batch.fate == FloodFate::kNotReceived ? 0 : packets));
  FloodResult result{elapsed_ns, packets, state_->ends_of(batch.packet, before, after), {}};
  if (counted && counted_before) {
    result.counts = ProcessorCounts{counted->cycles - counted_before->cycles,
                                    counted->instructions - counted_before->instructions};
  }
  return result;
}

std::string FloodPath::reason_without_counts() const {
  const auto counts = state_->read_counters();
  return counts ? "" : counts.error().message();
}

}  // namespace sklab
