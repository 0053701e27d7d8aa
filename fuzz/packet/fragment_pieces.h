// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <cstddef>
#include <vector>

#include "fuzz/packet/packet_spec.h"

namespace sklab {

// Bytes `begin` to `end` of what is fragmented.
struct Piece {
  size_t begin;
  size_t end;
};

// The pieces of `size` bytes, with what the fragmentation does wrong.
std::vector<Piece> pieces_of(const Fragmentation &fragmentation, size_t size);

}  // namespace sklab
