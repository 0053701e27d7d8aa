// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/target/coverage.h"

#include <algorithm>
#include <cstdint>

// The linker's names for both ends of the section of clang's
// -fsanitize-coverage=inline-8bit-counters. NOLINTBEGIN(bugprone-reserved-identifier)
extern "C" __attribute__((weak)) uint8_t __start___sancov_cntrs;
extern "C" __attribute__((weak)) uint8_t __stop___sancov_cntrs;
// NOLINTEND(bugprone-reserved-identifier)

namespace sklab {

void forget_coverage() {
  uint8_t *first = &__start___sancov_cntrs;
  if (first != nullptr) std::fill(first, &__stop___sancov_cntrs, uint8_t{0});
}

}  // namespace sklab
