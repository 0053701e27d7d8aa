// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/cli/bench_instructions.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <ctime>

#include "bench/instructions/instruction_suite.h"
#include "harness/cli/prepare.h"
#include "harness/cli/report_error.h"
#include "harness/measure/interrupt.h"
#include "harness/measure/progress.h"
#include "harness/record/instructions/instruction_json.h"
#include "harness/record/instructions/instruction_table.h"
#include "harness/record/run_folder.h"

namespace sklab {
namespace {

constexpr uint64_t kSeed = 1;  // unless another is asked for: the same packets in every run

Result<InstructionRecord> count(const BenchOptions &options) {
  InstructionSuiteOptions suite;
  suite.selection = {options.filter, options.quick};
  SKLAB_TRY(suite.object, read_object(options.object));
  suite.seed = options.seed.value_or(kSeed);
  suite.fingerprint = read_fingerprint();
  suite.profile = options.profile;
  suite.command_line = options.command_line;
  SKLAB_CHECK(prepare());
  SKLAB_CHECK(try_object(suite.object));
  watch_interrupts();
  Progress progress(stderr, "bench", 1);
  suite.progress = [&](double share, const std::string &what) { progress.update(share, what); };
  auto record = count_suite(suite);
  progress.finish();
  return record;
}

Result<std::filesystem::path> save_instructions(RunFolder &folder,
                                                const InstructionRecord &record) {
  SKLAB_CHECK(folder.add("instructions.json", instruction_json(record)));
  SKLAB_CHECK(folder.add("table.md", instruction_markdown(record)));
  SKLAB_CHECK(folder.add("table.txt", instruction_table(record)));
  return folder.publish();
}

ExitCode verdict_of(const InstructionRecord &record) {
  const bool counts_right =
      std::all_of(record.calibrations.begin(), record.calibrations.end(),
                  [](const InstructionCalibration &one) { return one.passed(); });
  if (!counts_right) {
    fmt::print(stderr, "sklab bench: the calibration failed, so no count can be relied on\n");
    return ExitCode::kHarnessFailure;
  }
  const auto number = [&](RowStatus status) {
    return std::count_if(record.rows.begin(), record.rows.end(),
                         [&](const InstructionRow &row) { return row.status == status; });
  };
  if (const auto failed = number(RowStatus::kFailed); failed != 0) {
    fmt::print(stderr, "sklab bench: {} of {} rows have no number\n", failed, record.rows.size());
    return ExitCode::kFinding;
  }
  return number(RowStatus::kOk) == 0 ? ExitCode::kSkip : ExitCode::kOk;
}

}  // namespace

ExitCode count_instructions(const BenchOptions &options) {
  const std::string run_id = new_run_id(std::time(nullptr));
  auto folder = RunFolder::create(options.output, run_id);
  if (!folder) return report_error(folder.error());
  auto record = count(options);
  if (interrupted()) {
    fmt::print(stderr, "sklab bench: interrupted, nothing was saved\n");
    return ExitCode::kInterrupted;
  }
  if (!record) return report_error(record.error());
  record->run_id = run_id;
  const auto saved = save_instructions(*folder, *record);
  fmt::print("{}", options.json ? instruction_json(*record) : instruction_table(*record));
  std::fflush(stdout);  // before what follows on stderr
  if (!saved) return report_error(saved.error());
  fmt::print(stderr, "results: {}\n", saved->string());
  return verdict_of(*record);
}

}  // namespace sklab
