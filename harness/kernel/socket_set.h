// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "harness/base/result.h"
#include "harness/base/unique_fd.h"
#include "harness/kernel/fd_table.h"
#include "harness/kernel/netns.h"
#include "harness/model/scenario.h"

namespace sklab {

// Makes the peer of an established TCP socket connect to it, while a listener waits at its local
// address. Returns the far end, which is to stay open; an invalid one if no socket is there.
using ConnectPeer = std::function<Result<UniqueFd>(const SocketSpec &)>;

// From a socket in the same netns, which is bound to the peer's address.
Result<UniqueFd> connect_peer_socket(const SocketSpec &spec);

// The sockets of a population, open in a netns. Every one carries a mark (SO_MARK) that says which
// it is: a program that looked a socket up reads it back.
class SocketSet {
 public:
  // Binds all sockets, in their order, before it connects UDP ones.
  //
  // Raises the limit of open files as far as needed and allowed; the sockets at the end of a
  // population that is too large even so live in tables of descriptors of their own, but never an
  // established one.
  // Errors: whatever bind, connect or listen report, with the socket's name.
  static Result<SocketSet> create(const Netns &netns, const std::vector<SocketSpec> &specs,
                                  const ConnectPeer &connect_peer = connect_peer_socket);

  // The mark of socket `index` of the population; 0 is no socket.
  static uint32_t mark_of(size_t index) { return static_cast<uint32_t>(index) + 1; }
  static std::optional<size_t> index_of(uint32_t mark) {
    if (mark == 0) return std::nullopt;
    return mark - 1;
  }

  [[nodiscard]] size_t size() const { return sockets_.size(); }
  // Borrowed; -1 for a socket in a table of its own.
  [[nodiscard]] int fd(size_t index) const { return sockets_[index].get(); }
  // SO_COOKIE, by which BPF_PROG_TEST_RUN of a sk_lookup program names the selected socket.
  // Errors: kUsage for a socket in a table of its own.
  [[nodiscard]] Result<uint64_t> cookie(size_t index) const;

 private:
  SocketSet() = default;

  std::vector<UniqueFd> sockets_;
  // The far ends of established connections, kept open.
  std::vector<UniqueFd> peers_;
  // Where the rest is when one table is too small.
  std::vector<FdTable> more_;
};

}  // namespace sklab
