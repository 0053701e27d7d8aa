// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Corpora on disk: one folder a target and version of its inputs. libFuzzer names a file after the
// SHA-1 of its content. One whose name is another is half of what was to be written, by a process
// that was killed or onto a disk that was full.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "fuzz/campaign/fuzzers.h"
#include "harness/base/result.h"

namespace sklab {

// No target reads longer inputs.
inline constexpr uint64_t kMostCorpusFileBytes = 1 << 20;

// "semantics_fuzzer-1"
std::string corpus_name(const Fuzzer &fuzzer);

struct CorpusCheck {
  uint64_t inputs = 0;   // that stay
  uint64_t skipped = 0;  // that were moved away
};

// Moves whatever is no intact input from `corpus` to `skipped`: wrong content, too long,
// unreadable, not a regular file. Errors: a folder that cannot be read or written.
Result<CorpusCheck> check_corpus(const std::filesystem::path &corpus,
                                 const std::filesystem::path &skipped);

// Copies the intact inputs of `from` to `to`, with their right names if `any_name` (they come from
// somewhere else), and leaves `from` as it is. Errors: as check_corpus().
Result<CorpusCheck> copy_inputs(const std::filesystem::path &from, const std::filesystem::path &to,
                                bool any_name);

// Files below `folder`, which need not exist.
uint64_t count_inputs(const std::filesystem::path &folder);

// Inputs in `corpora` that belong to none of these fuzzers, `skipped` not counted.
uint64_t count_others(const std::filesystem::path &corpora, const std::filesystem::path &skipped,
                      const std::vector<Fuzzer> &fuzzers);

}  // namespace sklab
