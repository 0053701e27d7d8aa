// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <filesystem>

#include "harness/base/result.h"

namespace sklab {

struct JournalFiles {
  std::filesystem::path folder;
  std::filesystem::path last;  // the newest input; empty for a journal without any
  size_t inputs = 0;
  size_t shortened = 0;  // that were longer than the journal keeps
};

// Writes the inputs of a journal as files beside it, in JOURNAL.inputs/, named by their order.
// Errors: kUsage for what is no journal; what the file system reports.
Result<JournalFiles> write_journal_files(const std::filesystem::path &journal);

}  // namespace sklab
