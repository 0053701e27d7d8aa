// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/path/raw_flood.h"

#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <utility>

#include "harness/path/flood_clock.h"
#include "harness/path/flood_frame.h"

namespace sklab {
namespace {

constexpr size_t kFramesACall = 64;

uint64_t now_ns() {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return static_cast<uint64_t>(std::chrono::nanoseconds(now).count());
}

}  // namespace

Result<RawFlood> RawFlood::open(const Uplink &uplink) {
  SKLAB_TRY(const ScopedNetns inside, ScopedNetns::enter(uplink.client()));
  // Of protocol 0, so that it receives nothing.
  UniqueFd fd(::socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0));
  if (!fd.valid()) return fail("open", "packet socket", errno);
  sockaddr_ll address{};
  address.sll_family = AF_PACKET;
  address.sll_ifindex = uplink.client_interface();
  if (::bind(fd.get(), reinterpret_cast<const sockaddr *>(&address), sizeof(address)) != 0) {
    return fail("bind", "packet socket", errno);
  }
  const int bypass = 1;
  if (::setsockopt(fd.get(), SOL_PACKET, PACKET_QDISC_BYPASS, &bypass, sizeof(bypass)) != 0) {
    return fail("set socket option", "PACKET_QDISC_BYPASS", errno);
  }
  return RawFlood(std::move(fd));
}

const RawFlood::Frames &RawFlood::frames_of(const FloodBatch &batch,
                                            const std::array<uint8_t, 14> &header) {
  for (const auto &[packet, fate, frames] : made_) {
    if (packet == batch.packet && fate == batch.fate) return frames;
  }
  FloodFrame frame = make_flood_frame(header, batch);
  // To somebody else, so that IP does not take it (PACKET_OTHERHOST).
  if (batch.fate == FloodFate::kNotReceived) frame.bytes[ETH_ALEN - 1] ^= 1U;
  Frames frames;
  for (uint16_t i = 0; i < kFloodPorts; ++i) {
    frames.push_back(with_source_port(frame, batch.packet, kFloodFirstPort + i));
  }
  return made_.emplace_back(Made{batch.packet, batch.fate, std::move(frames)}).frames;
}

Result<uint64_t> RawFlood::send(const FloodBatch &batch, const std::array<uint8_t, 14> &header) {
  if (batch.fate == FloodFate::kUntouched) {
    return fail_as(ErrorKind::kUnavailable, "send frames untouched", "by a packet socket");
  }
  const Frames &frames = frames_of(batch, header);
  std::vector<uint64_t> stamps_ns;
  const uint64_t interval = stamp_interval(batch);
  SKLAB_CHECK(send_frames(frames, kFloodBurst));
  stamps_ns.push_back(now_ns());
  for (uint64_t left = batch.packets; left > 0;) {
    const uint64_t some = std::min(left, interval);
    SKLAB_CHECK(send_frames(frames, some));
    if (some == interval) stamps_ns.push_back(now_ns());
    left -= some;
  }
  SKLAB_CHECK(send_frames(frames, kFloodBurst));
  return elapsed_from(batch, stamps_ns);
}

Result<> RawFlood::send_frames(const Frames &frames, uint64_t count) {
  std::array<iovec, kFramesACall> bytes{};
  std::array<mmsghdr, kFramesACall> messages{};
  for (size_t i = 0; i < kFramesACall; ++i) {
    messages[i].msg_hdr.msg_iov = &bytes[i];
    messages[i].msg_hdr.msg_iovlen = 1;
  }
  while (count > 0) {
    const auto some = static_cast<unsigned>(std::min<uint64_t>(count, kFramesACall));
    for (unsigned i = 0; i < some; ++i) {
      const std::vector<uint8_t> &frame = frames[(next_ + i) % frames.size()];
      // Not written to: sendmsg(2).
      bytes[i] = {const_cast<uint8_t *>(frame.data()), frame.size()};
    }
    const int sent = ::sendmmsg(fd_.get(), messages.data(), some, 0);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0) return fail("send frames to", kUplinkInterface, errno);
    next_ = (next_ + static_cast<size_t>(sent)) % frames.size();
    count -= static_cast<uint64_t>(sent);
  }
  return Ok{};
}

}  // namespace sklab
