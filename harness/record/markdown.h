// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <string>

#include "harness/record/run_record.h"

namespace sklab {

// The record as a page of GitHub's Markdown.
std::string markdown_report(const RunRecord &record);

// Without what would end a table's cell or start markup.
std::string markdown_escaped(const std::string &text);

}  // namespace sklab
