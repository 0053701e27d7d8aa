// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/path/packet_exchange.h"

#include <sched.h>

#include <array>
#include <cerrno>
#include <utility>

namespace sklab {
namespace {

// RFC 2544: for tests between devices. No scenario uses these.
constexpr IpAddress kFenceClient{Family::kIpv4, {198, 18, 0, 2}};
constexpr IpAddress kFenceServer{Family::kIpv4, {198, 18, 0, 1}};

// The calling thread stays on the CPU it is on while this lives.
class ScopedCpu {
 public:
  static Result<ScopedCpu> stay() {
    ScopedCpu scoped;
    if (::sched_getaffinity(0, sizeof(scoped.allowed_), &scoped.allowed_) != 0) {
      return fail("read", "CPU affinity", errno);
    }
    if (CPU_COUNT(&scoped.allowed_) == 1) return scoped;
    cpu_set_t here;
    CPU_ZERO(&here);
    CPU_SET(static_cast<size_t>(::sched_getcpu()), &here);
    if (::sched_setaffinity(0, sizeof(here), &here) != 0) {
      return fail("set", "CPU affinity", errno);
    }
    scoped.changed_ = true;
    return scoped;
  }
  ScopedCpu(ScopedCpu &&other) noexcept
      : allowed_(other.allowed_), changed_(std::exchange(other.changed_, false)) {}
  ScopedCpu &operator=(ScopedCpu &&) = delete;
  ~ScopedCpu() {
    // These CPUs were allowed before: nothing is to be done if they no longer are.
    if (changed_) ::sched_setaffinity(0, sizeof(allowed_), &allowed_);
  }

 private:
  ScopedCpu() = default;

  cpu_set_t allowed_{};
  bool changed_ = false;
};

}  // namespace

Result<std::span<const ParsedPacket>> PacketExchange::send(std::span<const uint8_t> packet) {
  SKLAB_TRY(const ScopedCpu here, ScopedCpu::stay());
  replies_.clear();
  if (!packet.empty()) SKLAB_CHECK(wire_.send(packet));
  SKLAB_CHECK(wire_.send(build_echo_request(kFenceClient, kFenceServer, ++fence_)));
  SKLAB_CHECK(collect_until_fence());
  return std::span<const ParsedPacket>(replies_);
}

Result<> PacketExchange::collect_until_fence() {
  const auto end = std::chrono::steady_clock::now() + time_limit_;
  std::array<uint8_t, 2048> buffer;
  while (std::chrono::steady_clock::now() < end) {
    SKLAB_TRY(const auto bytes, wire_.receive(buffer, static_cast<int>(time_limit_.count())));
    auto parsed = parse_packet(bytes);
    if (!parsed) continue;
    if (parsed->kind == PacketKind::kEchoReply && parsed->destination.address == kFenceClient) {
      // An earlier one is late: its exchange has failed.
      if (parsed->echo_identifier == fence_) return Ok{};
      continue;
    }
    parsed->payload = {};
    replies_.push_back(*parsed);
  }
  return fail("wait for the fence from", kFenceServer.text(), ETIMEDOUT);
}

}  // namespace sklab
