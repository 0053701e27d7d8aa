// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <netinet/in.h>
#include <sys/socket.h>

#include <cstring>

#include "harness/model/address.h"

namespace sklab {

// An Endpoint as the socket calls want it, in the form of a socket of the given family: an IPv4
// address becomes v4-mapped for an IPv6 socket.
class SocketAddress {
 public:
  SocketAddress(const Endpoint &endpoint, Family socket_family) {
    if (socket_family == Family::kIpv4) {
      auto &in = reinterpret_cast<sockaddr_in &>(storage_);
      in.sin_family = AF_INET;
      in.sin_port = htons(endpoint.port);
      std::memcpy(&in.sin_addr, endpoint.address.bytes.data(), sizeof(in.sin_addr));
      size_ = sizeof(in);
      return;
    }
    auto &in6 = reinterpret_cast<sockaddr_in6 &>(storage_);
    in6.sin6_family = AF_INET6;
    in6.sin6_port = htons(endpoint.port);
    const IpAddress address = endpoint.address.to_v4_mapped();
    std::memcpy(&in6.sin6_addr, address.bytes.data(), sizeof(in6.sin6_addr));
    size_ = sizeof(in6);
  }

  [[nodiscard]] const sockaddr *get() const {
    return reinterpret_cast<const sockaddr *>(&storage_);
  }
  [[nodiscard]] socklen_t size() const { return size_; }

 private:
  sockaddr_storage storage_{};
  socklen_t size_ = 0;
};

}  // namespace sklab
