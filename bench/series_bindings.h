// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <cstdint>

#include "bench/family_case.h"
#include "harness/base/result.h"

namespace sklab {

// Slot of the destination map to which the bindings lead.
inline constexpr uint32_t kSeriesSlot = 0;

// Fills the maps of bpf/series.bpf.c the way its authors measured it: 200 prefixes, of which one
// holds the server's address with any port, so that a packet to it takes both trie lookups.
Result<> fill_series_bindings(const FamilyCase &family, int bindings_fd, int labels_fd);

// Puts another prefix into the trie, which no packet matches, or takes it out again.
Result<> put_spare_binding(const FamilyCase &family, int bindings_fd);
Result<> remove_spare_binding(const FamilyCase &family, int bindings_fd);

}  // namespace sklab
