// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// What an object scenario says of an object's maps and variables, done. Errors are of kind kUsage
// and name the line, the map or variable, and both sizes where they differ.
#pragma once

#include <bpf/libbpf.h>

#include "harness/base/result.h"
#include "harness/kernel/socket_set.h"
#include "harness/model/object_scenario.h"

namespace sklab {

// Before the object is loaded.
Result<> set_global_variables(bpf_object *object, const ObjectScenario &scenario);

// When it is.
Result<> fill_object_maps(const bpf_object *object, const ObjectScenario &scenario,
                          const SocketSet &sockets);

}  // namespace sklab
