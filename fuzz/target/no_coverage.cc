// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// What instrumented code calls, for programs without libFuzzer, whose own functions replace these
// weak ones (https://clang.llvm.org/docs/SanitizerCoverage.html).
#include <cstdint>

// The names are the compiler's.
// NOLINTBEGIN(bugprone-reserved-identifier)
#define SKLAB_WEAK extern "C" __attribute__((weak))

SKLAB_WEAK thread_local uintptr_t __sancov_lowest_stack = 0;
SKLAB_WEAK void __sanitizer_cov_8bit_counters_init(uint8_t *, uint8_t *) {}
SKLAB_WEAK void __sanitizer_cov_pcs_init(const uintptr_t *, const uintptr_t *) {}
SKLAB_WEAK void __sanitizer_cov_trace_pc_indir(uintptr_t) {}
SKLAB_WEAK void __sanitizer_cov_trace_cmp1(uint8_t, uint8_t) {}
SKLAB_WEAK void __sanitizer_cov_trace_cmp2(uint16_t, uint16_t) {}
SKLAB_WEAK void __sanitizer_cov_trace_cmp4(uint32_t, uint32_t) {}
SKLAB_WEAK void __sanitizer_cov_trace_cmp8(uint64_t, uint64_t) {}
SKLAB_WEAK void __sanitizer_cov_trace_const_cmp1(uint8_t, uint8_t) {}
SKLAB_WEAK void __sanitizer_cov_trace_const_cmp2(uint16_t, uint16_t) {}
SKLAB_WEAK void __sanitizer_cov_trace_const_cmp4(uint32_t, uint32_t) {}
SKLAB_WEAK void __sanitizer_cov_trace_const_cmp8(uint64_t, uint64_t) {}
SKLAB_WEAK void __sanitizer_cov_trace_switch(uint64_t, uint64_t *) {}
SKLAB_WEAK void __sanitizer_cov_trace_div4(uint32_t) {}
SKLAB_WEAK void __sanitizer_cov_trace_div8(uint64_t) {}
SKLAB_WEAK void __sanitizer_cov_trace_gep(uintptr_t) {}
// NOLINTEND(bugprone-reserved-identifier)
