// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// What the kernel does with the bytes of a frame until it looks up a socket for them, and what it
// would give that socket. Written from the rules of the receive path, not from how a packet was
// built: damage can make one packet into another.
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <span>
#include <vector>

#include "fuzz/packet/fragment_queue.h"
#include "fuzz/packet/packet_builder.h"
#include "harness/model/scenario.h"

namespace sklab {

// Whether a socket is looked up for a frame.
enum class LookupChance : uint8_t {
  kNone,      // dropped, or kept until the rest of the packet comes
  kPossible,  // it depends on the kernel's version or configuration
  kCertain,
  kUnknown,  // beyond the rules: multicast, addresses that a scenario cannot have
};
const char *lookup_name(LookupChance lookup);

// What comes then. A packet that is dropped has no answer, and no socket receives it.
enum class AfterLookup : uint8_t {
  kGoesOn,
  // TCP's options are no list of options: whether anybody looks depends on the configuration. Or
  // an ICMP error of which not all sockets are told.
  kMayBeDropped,
  // The checksum is verified after the lookup if the packet is longer than CHECKSUM_BREAK, and
  // before it otherwise.
  kDropped,
};

struct Reception {
  LookupChance lookup = LookupChance::kNone;
  Packet packet;  // whose socket is looked up
  // An ICMP error: there is no skb to show to a reuseport group's program (__udp4_lib_err).
  bool is_error = false;
  AfterLookup after = AfterLookup::kGoesOn;
  bool may_lack_reply = false;  // an ICMP error or TCP reset about it may not be possible
  uint8_t tcp_flags = 0;
  std::vector<uint8_t> payload;  // of a UDP datagram
};

// The receiving side of a network namespace: frame after frame, with the fragments that wait.
class Receiver {
 public:
  Reception receive(std::span<const uint8_t> frame);

  // Frames after which no fragments wait.
  std::vector<Frame> flush();

 private:
  struct QueueKey {
    IpAddress source;
    IpAddress destination;
    uint32_t identification;
    uint8_t protocol;  // of IPv4

    auto operator<=>(const QueueKey &) const = default;
  };
  struct Queue {
    FragmentQueue fragments;
    bool may_lack_reply = false;
    uint8_t next_header = 0;  // by the first fragment, of IPv6
  };
  struct Body {
    IpAddress source;
    IpAddress destination;
    uint8_t protocol = 0;
    std::vector<uint8_t> bytes;
    bool is_possible = false;  // something on the way may have dropped it
  };

  Reception receive_ipv4(std::span<const uint8_t> frame);
  Reception receive_ipv6(std::span<const uint8_t> frame);
  Reception follow_headers(Body body, std::span<const uint8_t> frame, bool fragmented);
  Reception add_fragment(Body body, std::span<const uint8_t> frame);

  std::map<QueueKey, Queue> queues_;
};

}  // namespace sklab
