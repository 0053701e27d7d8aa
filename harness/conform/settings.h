// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <cstdint>

#include "harness/model/rules.h"

namespace sklab {

class ObjectLab;

enum class Depth : uint8_t {
  kQuick,  // a few seconds: enough to notice any single wrong rule
  kDefault,
  kExhaustive,  // every sequence of five programs
};

// What all groups of a conformance run have in common.
struct ConformSettings {
  Depth depth = Depth::kDefault;
  uint64_t seed = 1;
  // Borrowed. Tests replace one, which the run then has to notice.
  const Rules *rules = &kernel_rules();
  // Borrowed, for object_group() only.
  ObjectLab *object = nullptr;
};

}  // namespace sklab
