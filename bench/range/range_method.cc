// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "bench/range/range_method.h"

namespace sklab {

const std::vector<RangeMethodDescription> &all_range_methods() {
  static const std::vector<RangeMethodDescription> all = {
      {RangeMethod::kSockets, "sockets", "a socket for each address and port"},
      {RangeMethod::kWildcards, "wildcards",
       "a socket for each port, bound to all addresses of the host, not only to the range's"},
      {RangeMethod::kReuseport, "reuseport",
       "the same twice, in reuseport groups whose SK_REUSEPORT program chooses the member"},
      {RangeMethod::kTcAssign, "tc_assign",
       "one socket, and a TC program at the interface that calls bpf_sk_assign"},
      {RangeMethod::kTproxy, "tproxy", "one transparent socket, and a TPROXY rule of nftables"},
      {RangeMethod::kSkLookup, "sk_lookup", "one socket, and a sk_lookup program"},
  };
  return all;
}

}  // namespace sklab
