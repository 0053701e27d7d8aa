// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/campaign/corpus.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <optional>

#include "harness/base/file.h"
#include "harness/record/digest.h"

namespace sklab {
namespace {

namespace fs = std::filesystem;

// The content of a regular file of bounded size; none for anything else.
std::optional<std::string> read_input(const fs::path &path) {
  struct stat status {};
  if (::lstat(path.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) return std::nullopt;
  if (static_cast<uint64_t>(status.st_size) > kMostCorpusFileBytes) return std::nullopt;
  auto content = read_file(path);
  return content ? std::optional(std::move(*content)) : std::nullopt;
}

// The entries are collected first: what is moved while a folder is read may show up again.
Result<std::vector<fs::path>> entries_of(const fs::path &folder) {
  std::vector<fs::path> entries;
  std::error_code error;
  for (auto it = fs::directory_iterator(folder, error); !error && it != fs::directory_iterator();
       it.increment(error)) {
    entries.push_back(it->path());
  }
  if (error) return fail("read folder", folder.string(), error.value());
  return entries;
}

// Under a name that is free: nothing is overwritten, nothing is lost.
Result<> move_away(const fs::path &path, const fs::path &folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) return fail("make folder", folder.string(), error.value());
  fs::path target = folder / path.filename();
  for (unsigned number = 1; fs::exists(fs::symlink_status(target, error)); ++number) {
    target = folder / fmt::format("{}.{}", path.filename().string(), number);
  }
  if (::rename(path.c_str(), target.c_str()) != 0) return fail("move", path.string(), errno);
  return Ok{};
}

}  // namespace

std::string corpus_name(const Fuzzer &fuzzer) {
  return fmt::format("{}-{}", fuzzer.name, fuzzer.input_version);
}

Result<CorpusCheck> check_corpus(const fs::path &corpus, const fs::path &skipped) {
  CorpusCheck check;
  SKLAB_TRY(const std::vector<fs::path> entries, entries_of(corpus));
  for (const fs::path &path : entries) {
    const auto content = read_input(path);
    if (content && sha1_hex(*content) == path.filename()) {
      ++check.inputs;
      continue;
    }
    ++check.skipped;
    SKLAB_CHECK(move_away(path, skipped));
  }
  return check;
}

Result<CorpusCheck> copy_inputs(const fs::path &from, const fs::path &to, bool any_name) {
  CorpusCheck check;
  SKLAB_TRY(const std::vector<fs::path> entries, entries_of(from));
  for (const fs::path &path : entries) {
    const auto content = read_input(path);
    const std::string name = content ? sha1_hex(*content) : "";
    if (!content || (!any_name && name != path.filename())) {
      ++check.skipped;
      continue;
    }
    ++check.inputs;
    SKLAB_CHECK(write_file_atomically(to / name, *content));
  }
  return check;
}

uint64_t count_inputs(const fs::path &folder) {
  uint64_t inputs = 0;
  std::error_code error;
  for (auto it = fs::recursive_directory_iterator(folder, error);
       !error && it != fs::recursive_directory_iterator(); it.increment(error)) {
    if (it->is_regular_file(error)) ++inputs;
  }
  return inputs;
}

uint64_t count_others(const fs::path &corpora, const fs::path &skipped,
                      const std::vector<Fuzzer> &fuzzers) {
  uint64_t inputs = 0;
  std::error_code error;
  for (auto it = fs::directory_iterator(corpora, error); !error && it != fs::directory_iterator();
       it.increment(error)) {
    const bool known =
        it->path() == skipped || std::any_of(fuzzers.begin(), fuzzers.end(), [&](const auto &one) {
          return corpus_name(one) == it->path().filename();
        });
    if (!known) inputs += count_inputs(it->path());
  }
  return inputs;
}

}  // namespace sklab
