// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// The smallest programs that need a feature, as instructions: no object file, no BTF, no map, so
// that what is refused is the feature itself.
#pragma once

#include <linux/bpf.h>

#include <cstdint>
#include <string>

#include "harness/base/result.h"
#include "harness/base/unique_fd.h"

namespace sklab {

// A failed system call as the probes report it: kUnavailable when the kernel lacks what was asked
// for, kHarness when it refuses this process, or has no memory, descriptors or namespaces left. The
// errno is one that libc knows.
[[nodiscard]] tl::unexpected<Error> refused(std::string operation, int error_number);

// A sk_lookup program that returns SK_PASS, and its size in bytes.
Result<UniqueFd> load_lookup_program();
inline constexpr uint32_t kLookupProgramSize = 2 * sizeof(bpf_insn);

// One run under BPF_PROG_TEST_RUN.
Result<> run_lookup_program(int program_fd);

// A TC program that looks up a socket that does not exist, with one of the lookup helpers.
Result<> load_and_run_lookup_caller(bpf_func_id helper);

// One frame through an XDP program that drops it.
Result<> run_xdp_live_frame();

}  // namespace sklab
