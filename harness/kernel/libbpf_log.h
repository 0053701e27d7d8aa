// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

namespace sklab {

// Keeps libbpf quiet, since every failure comes back as an Error with its errno; with
// SKLAB_LIBBPF_DEBUG=1 in the environment libbpf prints everything, verifier logs included.
void set_up_libbpf_log();

}  // namespace sklab
