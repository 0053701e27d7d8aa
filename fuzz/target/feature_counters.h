// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <cstdint>
#include <initializer_list>

namespace sklab {

// Tells libFuzzer, by its extra counters, that an input had this feature, once more. Numbers of few
// values each: every combination that is new makes an input worth keeping. The first one tells
// kinds of features apart.
void note_feature(std::initializer_list<uint64_t> feature);
// The same for a basic block of the kernel, where it says what it runs (harness/kernel/kcov.h).
void note_kernel_block(uint64_t address);
// The same for how near two numbers were that the kernel compared at that address.
void note_kernel_comparison(uint64_t address, uint64_t left, uint64_t right);

// Without them, which they are by default, note_feature() does nothing.
void enable_features(bool enabled);

}  // namespace sklab
