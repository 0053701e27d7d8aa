// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <cstddef>
#include <vector>

#include "bench/family_case.h"
#include "bench/range/range_method.h"

namespace sklab {

// The sockets that a method needs.
std::vector<SocketSpec> range_sockets(RangeMethod method, const FamilyCase &family);

// Index of the one that packets go to which are addressed to endpoint `number` of the range: the
// addresses one after the other, each with all ports.
size_t range_socket(RangeMethod method, size_t number);

// Members of each port's reuseport group; the first is the one to choose.
inline constexpr size_t kRangeGroupSize = 2;

}  // namespace sklab
