// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/race/race_call.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace sklab {

std::string describe(const RaceCall &call) {
  struct Named {
    unsigned operand;
    const char *name;
    size_t value;
  };
  std::string text = info_of(call.kind).name;
  for (const Named &one :
       {Named{kNamesLink, "link", call.link}, Named{kNamesProgram, "program", call.program},
        Named{kNamesExpected, "expected", call.expected}, Named{kNamesNetns, "netns", call.netns},
        Named{kNamesSocket, "socket", call.socket}, Named{kNamesKey, "key", call.key}}) {
    if ((info_of(call.kind).operands & one.operand) == 0) continue;
    text += fmt::format(" {} {}", one.name, one.value);
  }
  if (call.delay > 0) text += fmt::format(" after {}", call.delay);
  return text;
}

std::string describe(const RaceEvent &event) {
  std::string text = fmt::format("{:4} to {:4}: {}: {}", event.began, event.ended,
                                 describe(event.call), event.result.error);
  const RaceCallKind kind = event.call.kind;
  if (kind == RaceCallKind::kQuery || kind == RaceCallKind::kInfo ||
      kind == RaceCallKind::kLookUp) {
    text += fmt::format(", programs {}", event.result.programs);
  }
  if (kind == RaceCallKind::kInfo) text += event.result.attached ? ", attached" : ", detached";
  if (kind == RaceCallKind::kLookUp) text += fmt::format(", mark {}", event.result.mark);
  return text;
}

}  // namespace sklab
