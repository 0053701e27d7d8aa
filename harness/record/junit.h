// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <string>

#include "harness/record/conform_record.h"

namespace sklab {

// The run as JUnit's XML, as CI systems read it: a test suite a group. What is expected to fail is
// shown as skipped, since the format has no word for it.
std::string junit_xml(const ConformRecord &record);

}  // namespace sklab
