// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "harness/base/result.h"
#include "harness/kernel/netns.h"
#include "harness/model/address.h"

namespace sklab {

// The server's end, and the other one.
inline constexpr char kUplinkInterface[] = "server";
inline constexpr char kUplinkFarEnd[] = "client";

// What connects a netns, the server, to a network of many hosts, as production has it: an interface
// with addresses of its own and a default route, and no routing rules, which would slow down every
// packet. For measuring; a Wire takes any addresses instead. The far end is in a netns of its own,
// where nobody listens before open_client().
class Uplink {
 public:
  // The server has the addresses from then on. A netns can have one uplink.
  static Result<Uplink> attach(const Netns &server, std::span<const IpAddress> addresses);

  // From then on the far end is a host with this address, whose sockets reach the server and get
  // its answers.
  Result<> open_client(const IpAddress &address);

  // Of the server's end, in the server.
  [[nodiscard]] int server_interface() const { return server_interface_; }
  // Ethernet header of what arrives at the server.
  [[nodiscard]] std::array<uint8_t, 14> arriving_header(Family family) const;

  // Where to send from by other means.
  [[nodiscard]] const Netns &client() const { return client_; }
  [[nodiscard]] int client_interface() const { return client_interface_; }

 private:
  using HardwareAddress = std::array<uint8_t, 6>;

  explicit Uplink(Netns client) : client_(std::move(client)) {}

  Netns client_;
  int server_interface_ = 0;
  int client_interface_ = 0;
  HardwareAddress server_address_{};
  HardwareAddress client_address_{};
};

}  // namespace sklab
