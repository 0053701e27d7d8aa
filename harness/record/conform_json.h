// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <string>

#include "harness/record/conform_record.h"

namespace sklab {

// conform.json; its fields are in results/README.md.
std::string conform_json(const ConformRecord &record);

}  // namespace sklab
