// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "harness/base/result.h"
#include "harness/base/unique_fd.h"
#include "harness/kernel/socket_set.h"
#include "harness/model/scenario.h"

namespace sklab {

enum class ReceivedKind : uint8_t {
  kData,        // a datagram, or bytes of a connection
  kConnection,  // a listener accepted one
  kError,       // an ICMP error
  kClosed,      // a connection ended; it is not watched any more
};

// Something that a socket of a population received.
struct Received {
  size_t socket = 0;
  ReceivedKind kind = ReceivedKind::kData;
  std::vector<uint8_t> payload;  // of kData, at most 2048 bytes
  UniqueFd connection;           // of kConnection
  int error_number = 0;          // of kError
};

// Sees what the sockets of a population receive, without ever waiting. Costs the same for any size
// of population.
class SocketWatch {
 public:
  // Makes UDP sockets report ICMP errors also while they are not connected (IP_RECVERR). The
  // sockets must outlive this.
  // Errors: kUnavailable for a population that is larger than a table of descriptors.
  static Result<SocketWatch> create(const SocketSet &sockets, const std::vector<SocketSpec> &specs);

  // Everything that has arrived since the last time; nothing is left.
  Result<std::vector<Received>> take();

 private:
  // How a socket is read.
  enum class Role : uint8_t { kDatagrams, kListener, kConnection };
  struct Watched {
    int fd = -1;
    Role role = Role::kDatagrams;
  };

  SocketWatch() = default;
  Result<> end_connection(size_t socket, std::vector<Received> &all) const;
  Result<> take_from(size_t socket, uint32_t events, std::vector<Received> &all) const;

  std::vector<Watched> sockets_;
  UniqueFd epoll_;
};

}  // namespace sklab
