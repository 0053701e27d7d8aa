// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/cli/gate_sides.h"

#include "bench/gate/percentage.h"

namespace sklab {
namespace {

constexpr double kQuickChange = 0.05;  // what half a minute can tell on a busy machine, too

}  // namespace

void add_threshold_options(CLI::App &command, ThresholdOptions &options,
                           const std::string &change_help) {
  command.add_option("--change", options.change, change_help);
  command
      .add_option("--thresholds", options.file,
                  "TOML file that says this for each row; results/README.md describes it")
      ->type_name("FILE");
}

Result<Thresholds> read_thresholds(const ThresholdOptions &options, bool quick) {
  Threshold everywhere;
  if (quick) everywhere.change = kQuickChange;
  Thresholds thresholds(everywhere);
  if (!options.file.empty()) {
    SKLAB_TRY(thresholds, Thresholds::read(options.file, everywhere));
  }
  if (!options.change.empty()) {
    SKLAB_TRY(const double change, parse_percentage(options.change));
    thresholds.set_change(change);
  }
  if (!options.size_growth.empty()) {
    SKLAB_TRY(const double growth, parse_percentage(options.size_growth));
    thresholds.set_size_growth(growth);
  }
  return thresholds;
}

Result<std::filesystem::path> sklab_program(const std::filesystem::path &named) {
  namespace fs = std::filesystem;
  std::error_code error;
  if (named.empty()) return fs::read_symlink("/proc/self/exe", error);
  for (const fs::path &program :
       {named, named / "sklab", named / "bin/sklab", named / "harness/cli/sklab"}) {
    if (fs::is_regular_file(program, error)) return fs::absolute(program);
  }
  return fail_as(ErrorKind::kUsage, "find sklab in", named.string(), 0,
                 "name a program, the folder of a build, or where one was installed");
}

}  // namespace sklab
