// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "harness/base/result.h"

namespace sklab {

// A libFuzzer target that is there as a program, and what it says about itself (FuzzTargetInfo).
struct Fuzzer {
  std::string name;
  std::filesystem::path program;
  std::filesystem::path dictionary;  // NAME.dict beside it; empty for none
  std::filesystem::path seeds;       // NAME_seed_corpus beside it; empty for none
  bool needs_kernel = false;
  unsigned input_version = 0;
  size_t most_input_bytes = 0;
  size_t record_bytes = 1;
};

// The fuzzers in `folder`; if that is empty, where the build or the installation of this program
// has them. Sorted by name. Errors: kUnavailable for none at all, with what to do; a program that
// does not say what it is.
Result<std::vector<Fuzzer>> find_fuzzers(const std::filesystem::path &folder);

// Those of these names, in their order; all for no names. Errors: kUsage for a name there is not.
Result<std::vector<Fuzzer>> select_fuzzers(std::vector<Fuzzer> fuzzers,
                                           const std::vector<std::string> &names);

// What `fuzzer --info` printed. Errors: it is something else.
Result<Fuzzer> parse_fuzzer_info(const std::string &text);

}  // namespace sklab
