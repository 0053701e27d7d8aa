// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "harness/base/result.h"
#include "harness/base/unique_fd.h"
#include "harness/kernel/netns.h"

namespace sklab {

// The server's end.
inline constexpr char kWireInterface[] = "server";

// A wire into a netns, the server: whole IP packets go in, with any source and destination address,
// and what the server sends comes out. On the far end of the wire, in a netns of its own, is nobody
// but this packet socket: what is not answered here is not answered.
//
// In the server every address is local for what arrives, and what the server sends leaves through
// the wire, even to addresses of its own loopback interface. Only ::1 cannot be used: the kernel
// takes it from no other interface than the loopback one (ip6_rcv_core).
class Wire {
 public:
  // The server keeps what is set up there; a netns can have one wire.
  static Result<Wire> attach(const Netns &server);

  // Returns when the packet is on its way. On an idle CPU the server has received it and its reply
  // is here by then, but softirqs may be deferred to a thread of the kernel.
  Result<> send(std::span<const uint8_t> packet) const;

  // The next packet that the server sent: the part of `buffer` that it fills. Empty when there is
  // none within the time.
  Result<std::span<const uint8_t>> receive(std::span<uint8_t> buffer, int timeout_ms) const;

 private:
  Wire(Netns client, UniqueFd socket) : client_(std::move(client)), socket_(std::move(socket)) {}

  Netns client_;
  UniqueFd socket_;
  int interface_ = 0;  // the client's end
  std::array<uint8_t, 6> server_address_{};
};

}  // namespace sklab
