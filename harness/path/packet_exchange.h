// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <chrono>
#include <cstdint>
#include <span>
#include <vector>

#include "harness/base/result.h"
#include "harness/kernel/wire.h"
#include "harness/path/packet_headers.h"

namespace sklab {

// Packets over a wire, and what the server replied to them at once.
//
// How a reply that does not come is known: after the packet goes a fence, an ICMP echo request with
// a number of its own. What one CPU sends into a veth pair is received in order on that same CPU
// (enqueue_to_backlog, process_backlog), so when the fence's reply is here, the server is done with
// everything before it. ICMP echo looks no socket up.
class PacketExchange {
 public:
  explicit PacketExchange(Wire wire, std::chrono::milliseconds time_limit = std::chrono::seconds(5))
      : wire_(std::move(wire)), time_limit_(time_limit) {}

  // What the server sent until it was done with the packet, valid until the next call. Payloads are
  // not kept. An empty packet is none: only what is left is collected.
  // Errors: ETIMEDOUT when the fence does not come back.
  Result<std::span<const ParsedPacket>> send(std::span<const uint8_t> packet);

 private:
  Result<> collect_until_fence();

  Wire wire_;
  std::chrono::milliseconds time_limit_;  // for the fence
  uint32_t fence_ = 0;
  std::vector<ParsedPacket> replies_;
};

}  // namespace sklab
