// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/path/flood_path.h"

#include <cerrno>
#include <chrono>
#include <csignal>
#include <optional>
#include <thread>
#include <utility>

#include "harness/path/end_counter.h"
#include "harness/path/flood_frame.h"
#include "harness/path/live_frames.h"
#include "harness/path/raw_flood.h"
#include "harness/path/tool_flood.h"

namespace sklab {
namespace {

constexpr auto kPause = std::chrono::milliseconds(1);
constexpr auto kToolStart = std::chrono::seconds(5);
constexpr auto kToolWindow = std::chrono::milliseconds(50);

Family family_of(const FloodBatch &batch) { return batch.packet.source.address.family; }

}  // namespace

struct FloodPath::State {
  Uplink uplink;
  EndCounter counter;
  // One of them.
  std::optional<LiveFrames> live;
  std::optional<RawFlood> raw;
  std::optional<ToolFlood> tool;
  // Of the thread that made this.
  Result<ProcessorCounters> processor;

  [[nodiscard]] Result<ProcessorCounts> read_processor() const {
    if (!processor) return tl::unexpected(processor.error());
    return processor->read();
  }

  Result<uint64_t> send(const FloodBatch &batch) {
    const auto header = uplink.arriving_header(family_of(batch));
    if (raw) return raw->send(batch, header);
    return live->send(batch, make_flood_frame(header, batch));
  }

  Result<> wait_for_tool(ChildProcess &child, const EndCounter::Counts &before,
                         Family family) const {
    const auto deadline = std::chrono::steady_clock::now() + kToolStart;
    while (std::chrono::steady_clock::now() < deadline) {
      SKLAB_TRY(const uint64_t arrived, counter.arrivals_since(before, family));
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
  [[nodiscard]] Result<EndCounter::Counts> settled_counts(const EndCounter::Counts &before,
                                                          Family family) const {
    for (uint64_t last = 0;;) {
      SKLAB_TRY(const uint64_t arrived, counter.arrivals_since(before, family));
      if (arrived == last) return counter.read();
      last = arrived;
      std::this_thread::sleep_for(10 * kPause);
    }
  }

  Result<FloodResult> run_tool(const FloodBatch &batch) {
    if (!is_received(batch.fate)) {
      return fail_as(ErrorKind::kUnavailable, "tell what another program takes to make packets");
    }
    const Family family = family_of(batch);
    SKLAB_TRY(const EndCounter::Counts before, counter.read());
    SKLAB_TRY(ChildProcess child, tool->start(batch, uplink));
    SKLAB_CHECK(wait_for_tool(child, before, family));
    const auto start = std::chrono::steady_clock::now();
    SKLAB_TRY(const uint64_t first, counter.arrivals_since(before, family));
    std::this_thread::sleep_for(kToolWindow);
    const std::chrono::duration<double, std::nano> elapsed =
        std::chrono::steady_clock::now() - start;
    SKLAB_TRY(const uint64_t last, counter.arrivals_since(before, family));
    child.signal(SIGKILL);
    while (!child.exit_code()) std::this_thread::sleep_for(kPause);
    SKLAB_TRY(const EndCounter::Counts after, settled_counts(before, family));
    if (last == first) {
      return fail_as(ErrorKind::kMismatch, "see packets of another program arrive",
                     "none did for a while, after the first");
    }
    const double each_ns = elapsed.count() / static_cast<double>(last - first);
    return FloodResult{static_cast<uint64_t>(each_ns * static_cast<double>(batch.packets)),
                       arrivals(family, before.network, after.network),
                       counter.ends(batch.packet, before, after),
                       {}};
  }

  // Counts once everything has arrived: what a veth pair carries may still be on its way, in a
  // thread of the kernel's. Errors: kMismatch if not all did.
  [[nodiscard]] Result<EndCounter::Counts> read_counts_after(const EndCounter::Counts &before,
                                                             Family family,
                                                             uint64_t expected) const {
    constexpr int kTries = 1000;
    uint64_t arrived = 0;
    for (int i = 0; i < kTries; ++i) {
      SKLAB_TRY(EndCounter::Counts after, counter.read());
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
  SKLAB_TRY(const ScopedNetns inside, ScopedNetns::enter(server));
  SKLAB_TRY(EndCounter counter, EndCounter::create(uplink.server_interface(), sockets, population));
  auto state = std::make_unique<State>(
      State{std::move(uplink), std::move(counter), {}, {}, {}, ProcessorCounters::open()});
  SKLAB_CHECK(open_generator(generator, *state));
  return FloodPath(std::move(state));
}

Result<FloodResult> FloodPath::run(const FloodBatch &batch) const {
  const uint64_t packets = packets_sent(batch);
  if (batch.packets % kFloodBurst != 0 || packets > INT32_MAX) {
    return fail("flood with so many packets:", std::to_string(batch.packets), EINVAL);
  }
  if (state_->tool) return state_->run_tool(batch);
  SKLAB_TRY(const EndCounter::Counts before, state_->counter.read());
  const auto counted_before = state_->read_processor();
  SKLAB_TRY(const uint64_t elapsed_ns, state_->send(batch));
  const auto counted = state_->read_processor();
  SKLAB_TRY(
      const EndCounter::Counts after,
      state_->read_counts_after(before, family_of(batch), is_received(batch.fate) ? packets : 0));
  FloodResult result{elapsed_ns, packets, state_->counter.ends(batch.packet, before, after), {}};
  if (counted && counted_before) {
    result.counts = ProcessorCounts{counted->cycles - counted_before->cycles,
                                    counted->instructions - counted_before->instructions};
  }
  return result;
}

std::string FloodPath::reason_without_counts() const {
  const auto counts = state_->read_processor();
  return counts ? "" : counts.error().message();
}

}  // namespace sklab
