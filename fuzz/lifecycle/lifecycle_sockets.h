// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "fuzz/lifecycle/operation.h"
#include "harness/base/result.h"
#include "harness/base/unique_fd.h"
#include "harness/kernel/netns.h"

namespace sklab {

// The sockets of a sequence in the kernel. Every one carries a mark (SO_MARK) that says its number.
class LifecycleSockets {
 public:
  // kOpenSocket.
  Result<OperationResult> open(const Operation &operation, const Netns &netns);
  // kEstablish: one of `listeners` has to accept.
  Result<OperationResult> establish(const Operation &operation, const Netns &netns,
                                    const std::vector<size_t> &listeners);
  // kBind, kListen, kConnect, kDisconnect, kShutDown.
  [[nodiscard]] OperationResult call(const Operation &operation) const;

  // Connections end with a reset, so that nothing waits in TIME_WAIT.
  void close(size_t number) { sockets_.erase(number); }
  void close_all(size_t netns);
  void clear();

  [[nodiscard]] int fd(size_t number) const { return sockets_.at(number).fd.get(); }
  // By SO_COOKIE, also when it was closed. kNoSuchSocket for none.
  [[nodiscard]] size_t number_of(uint64_t cookie) const;
  static constexpr size_t kNoSuchSocket = SIZE_MAX;

 private:
  struct Socket {
    UniqueFd fd;
    UniqueFd far;  // other end of a connection
    size_t netns = 0;
  };
  Result<> add(size_t number, Socket socket);

  std::map<size_t, Socket> sockets_;
  std::map<uint64_t, size_t> cookies_;
};

}  // namespace sklab
