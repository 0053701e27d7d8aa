// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <cstdint>

#include "harness/base/result.h"

namespace sklab {

// Bytes in use in all slab caches of the machine (active objects times object size), sockets among
// them. Whatever else runs moves it too: differences below a megabyte say little.
// Errors: kUnavailable without root or on a kernel without CONFIG_SLUB_DEBUG's /proc/slabinfo.
Result<uint64_t> slab_memory_bytes();

// Bytes of the program and of the maps it uses, as the kernel accounts for them ("memlock" in
// /proc/self/fdinfo).
Result<uint64_t> program_memory_bytes(int program_fd);

}  // namespace sklab
