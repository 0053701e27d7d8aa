// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Looks for packets of which a user's program makes something that it must not, whatever it is for:
// its rules are in harness/model/object_rules.h.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "harness/base/result.h"
#include "harness/path/object_lab.h"

namespace sklab {

struct ObjectFuzzSettings {
  double seconds = 60;
  uint64_t seed = 1;
  // Called after every batch, with how long it has taken so far.
  std::function<void(double elapsed_s, uint64_t packets)> progress;
};

struct ObjectFinding {
  std::string violation;              // of which rule
  std::string seen;                   // what came of the packet
  std::vector<ObjectPacket> packets;  // one, unless it takes several
};

struct ObjectFuzzRecord {
  uint64_t packets = 0;
  // How the program answered them, by ProgramAnswer::Kind; those that do not reach it are left out.
  std::array<uint64_t, 4> answers{};
  double duration_s = 0;
  std::optional<ObjectFinding> finding;  // ends it
};

// All of the scenario's own packets first, however long that takes, then made up ones.
Result<ObjectFuzzRecord> fuzz_object(ObjectLab &lab, const ObjectFuzzSettings &settings);

// The finding as an object scenario, for `sklab conform`, with what is wrong in comments.
std::string finding_text(const ObjectFinding &finding, const ObjectScenario &scenario,
                         uint64_t seed);

}  // namespace sklab
