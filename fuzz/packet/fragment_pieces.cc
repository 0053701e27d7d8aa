// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/packet/fragment_pieces.h"

#include <algorithm>

namespace sklab {

std::vector<Piece> pieces_of(const Fragmentation &fragmentation, size_t size) {
  const size_t units = (size + 7) / 8;
  if (units < 2) return {{0, size}};
  std::vector<size_t> bounds = {0, units};
  for (const uint16_t cut : fragmentation.cuts) bounds.push_back(1 + cut % (units - 1));
  std::sort(bounds.begin(), bounds.end());
  bounds.erase(std::unique(bounds.begin(), bounds.end()), bounds.end());
  std::vector<Piece> pieces;
  for (size_t i = 0; i + 1 < bounds.size(); ++i) {
    pieces.push_back({bounds[i] * 8, std::min(bounds[i + 1] * 8, size)});
  }
  const auto chosen = static_cast<ptrdiff_t>(fragmentation.chosen % pieces.size());
  Piece &piece = pieces[static_cast<size_t>(chosen)];
  if (fragmentation.overlap) piece.end = std::min(piece.end + 8, size);
  if (fragmentation.repeat) {
    pieces.insert(pieces.begin() + chosen, pieces[static_cast<size_t>(chosen)]);
  } else if (fragmentation.leave_out) {
    pieces.erase(pieces.begin() + chosen);
  }
  if (fragmentation.backwards) std::reverse(pieces.begin(), pieces.end());
  return pieces;
}

}  // namespace sklab
