// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "fuzz/campaign/fuzzers.h"
#include "fuzz/campaign/workplace.h"
#include "harness/base/exit_code.h"
#include "harness/cli/object_options.h"
#include "harness/cli/target.h"

namespace sklab {

struct FuzzOptions {
  std::vector<std::string> targets;  // empty: all
  std::string time = "60s";
  unsigned jobs = 1;
  std::string folder;  // empty: default_campaign_folder()
  std::optional<uint64_t> seed;
  std::string mutant;
  bool stop_at_first = false;
  bool keep_going = false;
  bool json = false;
  bool list = false;
  bool list_mutants = false;
  bool measure = false;
  std::string fuzzers;  // folder; empty: where this program's build or installation has them
  std::string journal_sync;
  std::vector<std::string> merge;  // folders
  bool minimise = false;
  std::string journal;              // file
  std::vector<std::string> inputs;  // files to run, in their order, and no others
  ObjectOptions object;             // a user's program instead of fuzzers
  TargetOptions target;
};

// "campaign"; wrong rules, whose findings are none for anybody else, have folders of their own.
std::string default_campaign_folder(const std::string &mutant);

// Those that the options ask for. Errors: there are none, or not those.
Result<std::vector<Fuzzer>> fuzzers_for(const FuzzOptions &options);

// A campaign of them in `workplace`, and its summary.
ExitCode run_campaign_in(Workplace &workplace, const std::vector<Fuzzer> &fuzzers,
                         const FuzzOptions &options);

// `sklab fuzz`: the summary or its JSON goes to stdout, everything else to stderr.
ExitCode run_fuzz(const FuzzOptions &options);

}  // namespace sklab
