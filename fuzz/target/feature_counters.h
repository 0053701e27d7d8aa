// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <cstdint>
#include <initializer_list>

namespace sklab {

// Tells libFuzzer, by its extra counters, that an input had this feature, once more. Numbers of few
// values each: every combination that is new makes an input worth keeping. The first one tells
// kinds of features apart. The kernel itself gives no feedback here.
void note_feature(std::initializer_list<uint64_t> feature);

}  // namespace sklab
