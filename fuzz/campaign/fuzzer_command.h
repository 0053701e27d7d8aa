// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "fuzz/campaign/campaign_folder.h"
#include "fuzz/campaign/fuzzers.h"
#include "fuzz/campaign/worker.h"

namespace sklab {

// How a fuzzer is started that is to run for a time.
struct FuzzerCommand {
  std::vector<std::string> arguments;
  std::map<std::string, std::string> environment;
};

// What libFuzzer keeps of an input that ends it goes to files that begin with `artifacts`.
FuzzerCommand fuzzer_command(const Fuzzer &fuzzer, const CampaignFolder &folder,
                             const WorkerSettings &settings,
                             const std::filesystem::path &artifacts);

}  // namespace sklab
