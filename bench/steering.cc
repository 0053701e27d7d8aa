// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "bench/steering.h"

#include <array>

namespace sklab {
namespace {

enum class Target : uint8_t { kNothing, kSteered, kGroup };

struct Kind {
  Steering steering;
  std::string_view name;
  Target target;
  uint64_t flags;
  uint32_t return_code;
};

constexpr std::array kKinds = {
    Kind{Steering::kNone, "none", Target::kNothing, 0, kSkPass},
    Kind{Steering::kForeign, "foreign", Target::kNothing, 0, kSkPass},
    Kind{Steering::kPass, "pass", Target::kNothing, 0, kSkPass},
    Kind{Steering::kDrop, "drop", Target::kNothing, 0, kSkDrop},
    Kind{Steering::kAssignSockmap, "assign_sockmap", Target::kSteered, 0, kSkPass},
    Kind{Steering::kAssignSockhash, "assign_sockhash", Target::kSteered, 0, kSkPass},
    Kind{Steering::kAssignReuseport, "assign_reuseport", Target::kGroup, 0, kSkPass},
    Kind{Steering::kAssignNoReuseport, "assign_no_reuseport", Target::kGroup, kAssignNoReuseport,
         kSkPass},
    Kind{Steering::kIpRange, "ip_range", Target::kSteered, 0, kSkPass},
    Kind{Steering::kPortRange, "port_range", Target::kSteered, 0, kSkPass},
    Kind{Steering::kIpPortRange, "ip_port_range", Target::kSteered, 0, kSkPass},
    Kind{Steering::kSeries, "series", Target::kSteered, 0, kSkPass},
    // What it does is its own; its rows have no scripts.
    Kind{Steering::kObject, "object", Target::kNothing, 0, kSkPass},
};

constexpr const Kind &kind_of(Steering steering) { return kKinds[static_cast<size_t>(steering)]; }

constexpr bool table_is_in_order() {
  for (size_t i = 0; i < kKinds.size(); ++i) {
    if (kKinds[i].steering != static_cast<Steering>(i)) return false;
  }
  return true;
}
static_assert(table_is_in_order(), "kind_of indexes by the enumeration");

}  // namespace

std::string_view steering_name(Steering steering) { return kind_of(steering).name; }

ScriptedProgram script_of(Steering steering, const Population &population) {
  const Kind &kind = kind_of(steering);
  ScriptedProgram script;
  script.return_code = kind.return_code;
  if (kind.target == Target::kSteered) {
    script.assigns.push_back({Population::kSteered, kind.flags});
  } else if (kind.target == Target::kGroup) {
    script.assigns.push_back({population.group_first, kind.flags});
  }
  return script;
}

}  // namespace sklab
