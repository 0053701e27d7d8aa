// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <cstddef>
#include <cstdint>

#include "fuzz/semantics/scenario_parts.h"
#include "harness/path/scripted_programs.h"

namespace sklab {

// Fills a batch with lookups that are made of the parts, and returns how many. The first is the
// input's own scenario. With one program, every script meets every packet. With more, scenarios
// differ from the one before in one or two programs, and now and then begin anew with the next
// packet: what takes several parts at a time stays together, and what stayed needs no second
// evaluation. The last lookups are the sweep over ports.
size_t write_lookups(const ScriptedPrograms::Batch &batch, const ScenarioParts &parts,
                     uint64_t seed);

}  // namespace sklab
