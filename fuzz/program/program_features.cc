// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/program/program_features.h"

#include <algorithm>
#include <bit>

#include "fuzz/target/feature_counters.h"

namespace sklab {
namespace {

uint64_t kind_and_form(const Step &step) {
  return static_cast<uint64_t>(step.kind) << 4 | step.form;
}

// By how many bits they have: exact numbers would make every program a new one.
uint64_t rough(uint64_t value) {
  return value < 4 ? value : 4 + static_cast<uint64_t>(std::bit_width(value));
}

}  // namespace

void note_load_features(const StepProgram &program, const LoadVerdict &verdict) {
  const std::vector<Step> &steps = program.steps;
  note_feature({1, static_cast<uint64_t>(verdict.loads()), std::bit_width(steps.size())});
  for (size_t i = 1; i < steps.size(); ++i) {
    note_feature({2, static_cast<uint64_t>(verdict.loads()), kind_and_form(steps[i - 1]),
                  kind_and_form(steps[i])});
  }
  if (verdict.loads()) return;
  const Step &refused = steps[verdict.step];
  const uint64_t before = verdict.step == 0 ? 0 : kind_and_form(steps[verdict.step - 1]);
  note_feature({3, static_cast<uint64_t>(verdict.reason), kind_and_form(refused),
                static_cast<uint64_t>(refused.source), before});
  if (refused.kind == StepKind::kLoad || refused.kind == StepKind::kStore) {
    note_feature({4, kind_and_form(refused),
                  static_cast<uint64_t>(refused.source == StepSource::kContext),
                  static_cast<uint64_t>(refused.offset), refused.size});
  }
}

void note_run_features(const StepProgram &program, const StepRun &run) {
  const Packet &packet = program.packet;
  const uint64_t kind_of_packet = static_cast<uint64_t>(packet.protocol) << 1 |
                                  static_cast<uint64_t>(packet.source.address.family);
  note_feature({5, kind_of_packet, run.return_code, static_cast<uint64_t>(run.error),
                run.selected.value_or(step_sockets().size())});
  for (size_t i = 0; i < run.shown.size(); ++i) {
    const Step &step = program.steps[i];
    if (!run.shown[i].shown) continue;
    if (step.kind == StepKind::kAssign) {
      note_feature({6, run.shown[i].value, static_cast<uint64_t>(step.source),
                    static_cast<uint64_t>(step.flags), rough(step.value), kind_of_packet});
    } else if (step.kind == StepKind::kLoad) {
      note_feature({7, static_cast<uint64_t>(step.source == StepSource::kContext),
                    static_cast<uint64_t>(step.offset), step.size,
                    static_cast<uint64_t>(run.shown[i].predicted && run.shown[i].value != 0)});
    }
  }
}

}  // namespace sklab
