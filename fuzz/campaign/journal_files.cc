// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/campaign/journal_files.h"

#include <fmt/format.h>

#include "fuzz/target/journal.h"
#include "harness/base/file.h"

namespace sklab {

Result<JournalFiles> write_journal_files(const std::filesystem::path &journal) {
  SKLAB_TRY(const std::vector<JournalEntry> entries, read_journal(journal));
  JournalFiles files;
  files.folder = journal.string() + ".inputs";
  std::error_code error;
  std::filesystem::create_directories(files.folder, error);
  if (error) return fail("make folder", files.folder.string(), error.value());
  for (const JournalEntry &entry : entries) {
    files.last = files.folder / fmt::format("{:012}", entry.sequence);
    SKLAB_CHECK(write_file_atomically(files.last, entry.input));
    ++files.inputs;
    if (entry.size > entry.input.size()) ++files.shortened;
  }
  return files;
}

}  // namespace sklab
