// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "harness/base/result.h"
#include "harness/kernel/network_counters.h"
#include "harness/kernel/socket_set.h"
#include "harness/path/flood_books.h"

namespace sklab {

// Tells where packets end in a netns that is flooded, by all that counts them there. UDP sockets
// are made to throw everything away, and TCP listeners to answer every SYN with a cookie, and to
// refuse low hop limits; what the netns sends is counted, and dropped as it leaves.
//
// The calling thread must be in the netns, for every function.
class EndCounter {
 public:
  // `interface` is the one that answers leave through; descriptors of `sockets` are borrowed.
  // Errors: kUnavailable for more than 63 sockets, or a kernel that cannot count what leaves.
  static Result<EndCounter> create(int interface, const SocketSet &sockets,
                                   const std::vector<SocketSpec> &population);
  EndCounter(EndCounter &&) noexcept;
  EndCounter &operator=(EndCounter &&) noexcept;
  ~EndCounter();

  struct Counts {
    NetworkCounters network;
    std::vector<uint64_t> sockets;  // what each socket of the population got, modulo 2^32 for UDP
    uint64_t resets = 0;
  };
  [[nodiscard]] Result<Counts> read() const;

  [[nodiscard]] PacketEnds ends(const Packet &packet, const Counts &before,
                                const Counts &after) const;
  // Packets of the family that IP received since then.
  [[nodiscard]] Result<uint64_t> arrivals_since(const Counts &before, Family family) const;

 private:
  struct State;
  explicit EndCounter(std::unique_ptr<State> state);

  std::unique_ptr<State> state_;
};

}  // namespace sklab
