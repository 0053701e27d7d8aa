// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "bench/instructions/instruction_suite.h"

#include <algorithm>
#include <ctime>
#include <iterator>

#include "bench/instructions/group_count.h"
#include "bench/suite.h"
#include "harness/base/utc_time.h"

namespace sklab {
namespace {

Result<> count_groups(const std::vector<GroupSpec> &groups, const InstructionSuiteOptions &options,
                      Instruments &instruments, InstructionClock &clock,
                      InstructionRecord &record) {
  double done = 0;
  for (const GroupSpec &group : groups) {
    CountOptions count;
    count.seed = options.seed;
    count.profile = options.profile;
    count.progress = [&](double share) {
      if (!options.progress) return;
      options.progress((done + share) / static_cast<double>(groups.size()), group.name);
    };
    SKLAB_TRY(GroupCountResult result, count_group(group, instruments, clock, count));
    for (InstructionRow &row : result.rows) {
      if (row.profile) row.profile->symbols = record.symbols.size();
    }
    std::move(result.rows.begin(), result.rows.end(), std::back_inserter(record.rows));
    if (options.profile) record.symbols.push_back(std::move(result.bpf_symbols));
    if (!result.crowding_warning.empty()) record.warnings.push_back(result.crowding_warning);
    if (result.calibration) record.calibrations.push_back(*result.calibration);
    ++done;
  }
  return Ok{};
}

}  // namespace

Result<InstructionRecord> count_suite(const InstructionSuiteOptions &options) {
  SKLAB_TRY(const auto groups, select_groups(groups_of(options.object), options.selection));
  if (std::any_of(groups.begin(), groups.end(), [](const GroupSpec &one) { return one.flood; })) {
    return fail_as(ErrorKind::kUsage, "count the instructions of a flood", "", 0,
                   "floods are timed: leave them out of --filter");
  }
  SKLAB_TRY(InstructionClock clock, InstructionClock::open());
  SKLAB_TRY(Instruments instruments, make_instruments(std::nullopt));
  InstructionRecord record;
  record.started_utc = utc_time(std::time(nullptr));
  record.mode = options.selection.mode();
  record.command_line = options.command_line;
  record.seed = options.seed;
  record.fingerprint = options.fingerprint;
  record.warnings = kernel_warnings(record.fingerprint);
  SKLAB_CHECK(count_groups(groups, options, instruments, clock, record));
  return record;
}

}  // namespace sklab
