// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// KTAP, version 1: Documentation/dev-tools/ktap.rst of the kernel.
#pragma once

#include <cstddef>
#include <string>

#include "harness/record/case_record.h"

namespace sklab {

std::string ktap_head(size_t groups);

// A group as subtest `number` (from 1), with its cases as subtests of its own.
std::string ktap_group(const CaseGroupRecord &group, size_t number);

}  // namespace sklab
