// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// The probes behind features.h. Each tries its feature for real and cleans up.
#pragma once

#include <string>

#include "harness/base/result.h"

namespace sklab {

// What was found, in a few words. Errors: kUnavailable when the feature was tried and is not there;
// kHarness when it could not be tried (refused for a missing privilege, say).
using Probed = Result<std::string>;

// `capability` is a CAP_ constant. Those that CAP_SYS_ADMIN includes count when it is held. Inside
// a user namespace of its own a process has none that BPF asks for, whatever it holds there.
Probed probe_capability(int capability);

Probed probe_network_namespaces();
Probed probe_veth();             // a pair, between two netns of its own
Probed probe_lookup_hook();      // load, and attach in a netns of its own
Probed probe_lookup_test_run();  // BPF_PROG_TEST_RUN of a sk_lookup program
Probed probe_lookup_helpers();   // bpf_sk_lookup_udp and the like, and bpf_loop, in a TC program
Probed probe_xdp_live_frames();  // BPF_F_TEST_XDP_LIVE_FRAMES
Probed probe_jit();              // a program loaded now is machine code
Probed probe_jit_without_hardening();
Probed probe_bpf_stats();
Probed probe_kernel_btf();
Probed probe_kcov();
Probed probe_instruction_counter();
Probed probe_no_lockdown();

}  // namespace sklab
