// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/path/live_frames.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include <cerrno>
#include <vector>

#include "bpf/abi.h"
#include "flood_bpf.skel.h"
#include "harness/base/unique_fd.h"
#include "harness/kernel/mapped_array.h"
#include "harness/kernel/skeleton.h"
#include "harness/path/flood_clock.h"

namespace sklab {
namespace {

// The kernel takes frames for an interface only if that has a program of its own. If it is the very
// program that makes them, a call that sends them is twenty milliseconds shorter: the dispatcher of
// XDP programs knows it already, and need not be changed, and changed back (bpf_prog_change_xdp).
Result<UniqueFd> attach_xdp(int interface, const bpf_program *program) {
  UniqueFd link(bpf_link_create(bpf_program__fd(program), interface, BPF_XDP, nullptr));
  if (link.valid()) return link;
  return fail_as(ErrorKind::kUnavailable, "attach XDP program to", kUplinkInterface, errno,
                 "the kernel's veth cannot");
}

// Ports go on where the last batch ended: each comes again after all others, however long batches
// are.
void ask_for(const FloodBatch &batch, const FloodFrame &frame, sklab_flood &flood) {
  const uint32_t port = flood.port == 0 ? kFloodFirstPort : flood.port;
  flood = {};
  flood.stamp_at = kFloodBurst;
  flood.stamp_every = stamp_interval(batch);
  flood.checksum = frame.checksum_of_rest;
  flood.tcp = batch.packet.protocol == Protocol::kTcp ? 1 : 0;
  flood.ipv6 = batch.packet.source.address.family == Family::kIpv6 ? 1 : 0;
  flood.action = is_received(batch.fate) ? XDP_PASS : XDP_DROP;
  flood.untouched = batch.fate == FloodFate::kUntouched ? 1 : 0;
  flood.port_first = kFloodFirstPort;
  flood.port_last = kFloodFirstPort + kFloodPorts - 1;
  flood.port = port;
}

}  // namespace

struct LiveFrames::State {
  int interface;
  Skeleton<flood_bpf> object;
  MappedArray<sklab_flood> floods;
  UniqueFd link;
};

LiveFrames::LiveFrames(std::unique_ptr<State> state) : state_(std::move(state)) {}
LiveFrames::LiveFrames(LiveFrames &&) noexcept = default;
LiveFrames &LiveFrames::operator=(LiveFrames &&) noexcept = default;
LiveFrames::~LiveFrames() = default;

Result<LiveFrames> LiveFrames::create(const Uplink &uplink) {
  SKLAB_TRY(auto object, Skeleton<flood_bpf>::open_and_load("flood"));
  SKLAB_TRY(auto floods, MappedArray<sklab_flood>::map(object->maps.floods));
  SKLAB_TRY(UniqueFd link, attach_xdp(uplink.server_interface(), object->progs.flood));
  return LiveFrames(std::make_unique<State>(
      State{uplink.server_interface(), std::move(object), std::move(floods), std::move(link)}));
}

Result<uint64_t> LiveFrames::send(const FloodBatch &batch, const FloodFrame &frame) const {
  const uint64_t frames = packets_sent(batch);
  sklab_flood &flood = state_->floods[0];
  ask_for(batch, frame, flood);
  std::vector<uint8_t> bytes = frame.bytes;
  xdp_md context{};
  context.data_end = static_cast<uint32_t>(bytes.size());
  context.ingress_ifindex = static_cast<uint32_t>(state_->interface);
  LIBBPF_OPTS(bpf_test_run_opts, options, .data_in = bytes.data(), .data_size_in = context.data_end,
              .ctx_in = &context, .ctx_size_in = sizeof(context),
              .repeat = static_cast<int>(frames), .flags = BPF_F_TEST_XDP_LIVE_FRAMES,
              .batch_size = kFloodBurst);
  if (bpf_prog_test_run_opts(bpf_program__fd(state_->object->progs.flood), &options) != 0) {
    const bool unknown = errno == EINVAL || errno == EOPNOTSUPP;
    return fail_as(unknown ? ErrorKind::kUnavailable : ErrorKind::kHarness, "send live frames to",
                   kUplinkInterface, errno,
                   "kernels before 5.18 have none (BPF_F_TEST_XDP_LIVE_FRAMES)");
  }
  if (flood.frames != frames) {
    return fail("send all frames:", std::to_string(flood.frames) + " of " + std::to_string(frames));
  }
  const std::vector<uint64_t> stamps_ns(flood.stamps_ns, flood.stamps_ns + flood.stamp_count);
  return elapsed_from(batch, stamps_ns);
}

}  // namespace sklab
