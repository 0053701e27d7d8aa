// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <string>

namespace sklab {

// The hypervisor's vendor string, "" on bare metal or where the processor does not tell.
std::string hypervisor_vendor();

}  // namespace sklab
