// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <array>

#include "fuzz/coverage/hook_code.h"

namespace sklab {
namespace {

constexpr char kNoMemory[] = "the kernel would have to run out of memory";

constexpr std::array kUnreached = {
    Unreached{"netns_bpf_run_array_detach", "NULL", kNoMemory},
};

}  // namespace

std::span<const Unreached> unreached_lines() { return kUnreached; }

}  // namespace sklab
