// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// The ways to get 256 addresses times 256 ports to a server: what the hook is for, and what there
// is without it.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace sklab {

enum class RangeMethod : uint8_t {
  kSockets,    // one for each address and port
  kWildcards,  // one for each port, whatever the address
  kReuseport,  // reuseport groups of these, and a program that chooses the member
  kTcAssign,   // bpf_sk_assign by a program at the interface
  kTproxy,     // a rule of nftables
  kSkLookup,   // the hook
};

struct RangeMethodDescription {
  RangeMethod method;
  std::string_view name;
  std::string_view title;
};

// In the order of the table. The first one is what there always was.
const std::vector<RangeMethodDescription> &all_range_methods();

}  // namespace sklab
