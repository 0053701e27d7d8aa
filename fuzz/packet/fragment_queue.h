// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <vector>

namespace sklab {

// The fragments of one packet as the kernel keeps them (inet_frag_queue_insert in
// net/ipv4/inet_fragment.c, ip_frag_queue, ip6_frag_queue).
class FragmentQueue {
 public:
  struct Fragment {
    size_t offset = 0;
    bool more = false;  // more fragments follow
    std::vector<uint8_t> bytes;
    uint8_t congestion = 0;  // the two ECN bits of its IP header
  };
  enum class State : uint8_t {
    kKept,      // or ignored: the queue stays
    kDropped,   // the queue is gone with all its fragments
    kComplete,  // the packet is whole
  };

  // For IPv6 the bytes of a fragment with `more` are a multiple of 8; for IPv4 they are cut to one.
  State add(Fragment fragment);

  // Of a complete packet.
  [[nodiscard]] std::vector<uint8_t> bytes() const;

  // A fragment on which the kernel drops the queue, whatever is in it: it has no bytes.
  static Fragment last_straw();

 private:
  // The kernel keeps runs of adjacent fragments, and takes a fragment that lies within one run for
  // a repetition. Only a fragment that follows the very last run is joined to it.
  std::map<size_t, std::vector<uint8_t>> runs_;
  size_t length_ = 0;  // so far known
  bool has_last_ = false;
  // Fragments that say that the sender knows ECN, and such that do not, are no packet
  // (ip_frag_ecn_table, RFC 3168, 5.3).
  bool some_know_congestion_ = false;
  bool some_do_not_ = false;
};

}  // namespace sklab
