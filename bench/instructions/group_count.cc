// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "bench/instructions/group_count.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <map>
#include <numeric>

#include "bench/check.h"
#include "bench/group_lanes.h"
#include "bench/group_session.h"
#include "bench/instructions/calibration.h"
#include "bench/instructions/lane_count.h"
#include "harness/base/file.h"
#include "harness/base/lines.h"
#include "harness/guest/profile/symbols.h"
#include "harness/measure/interrupt.h"

namespace sklab {
namespace {

constexpr int kPasses = 2;

// Why instructions of a row are not counted; "" if they are.
const char *reason_not_to_count(const RowSpec &row) {
  if (row.caches == Caches::kEvicted) return "what caches hold does not change what is executed";
  if (row.cpus != Cpus::kOne) return "instructions are counted on one CPU";
  return "";
}

class GroupCount {
 public:
  GroupCount(GroupSession &session, InstructionClock &clock, const CountOptions &options)
      : session_(session),
        counter_(session, clock),
        options_(options),
        counts_(session.lanes.size()),
        batches_(session.lanes.size()),
        counted_(session.lanes.size()),
        profiles_(session.lanes.size()) {}

  Result<> check_all();
  Result<> count_all();
  Result<> profile_all();
  Result<std::optional<InstructionCalibration>> calibrate() {
    return sklab::calibrate(session_, counter_);
  }
  [[nodiscard]] std::vector<InstructionRow> rows() const;

 private:
  // A row that does the wrong thing is out, the others go on; anything else ends the group.
  static Result<> note_failure(Lane &lane, const Result<> &result);
  [[nodiscard]] bool is_counted(const Lane &lane) const {
    return !lane.is_empty_loop && lane.spec.role == Role::kRow && lane.failure.empty() &&
           *reason_not_to_count(lane.spec) == '\0';
  }
  // Lookups beyond the empty loop.
  Result<int64_t> count_row(size_t index);
  Result<> count_pass(const std::vector<size_t> &order, int pass);
  [[nodiscard]] InstructionRow row_of(size_t index) const;
  void add_difference(size_t index, InstructionRow &row) const;

  GroupSession &session_;
  LaneCounter counter_;
  const CountOptions &options_;
  std::vector<std::vector<int64_t>> counts_;  // of each lane, a pass each
  std::vector<uint64_t> batches_;             // of each lane: lookups of a batch
  std::vector<LaneCount> counted_;            // of each lane, in the last pass, loop included
  std::vector<std::optional<ProfileWindows>> profiles_;         // of each lane
  std::map<std::pair<size_t, uint64_t>, int64_t> empty_loops_;  // by lane and lookups a batch
};

Result<> GroupCount::note_failure(Lane &lane, const Result<> &result) {
  if (result) return Ok{};
  if (result.error().kind != ErrorKind::kMismatch || interrupted()) return result;
  lane.failure = result.error().message();
  return Ok{};
}

Result<> GroupCount::check_all() {
  for (Lane &lane : session_.lanes) {
    if (!is_counted(lane)) continue;
    SKLAB_CHECK(note_failure(lane, check_lane(lane, session_.runner(), session_.netns())));
  }
  return Ok{};
}

Result<int64_t> GroupCount::count_row(size_t index) {
  const Lane &lane = session_.lanes[index];
  // Once for all passes: only counts of the same batches can be compared.
  if (batches_[index] == 0) {
    SKLAB_TRY(batches_[index], counter_.choose_lookups(lane));
  }
  const uint64_t lookups = batches_[index];
  SKLAB_TRY(const LaneCount counted, counter_.count(lane, lookups));
  counted_[index] = counted;
  const auto empty = empty_loop_of(session_.lanes, lane);
  if (!empty) return counted.instructions;
  const auto key = std::pair(*empty, lookups);
  if (!empty_loops_.contains(key)) {
    SKLAB_TRY(const LaneCount loop, counter_.count(session_.lanes[*empty], lookups));
    empty_loops_[key] = loop.instructions;
  }
  return counted.instructions - empty_loops_[key];
}

Result<> GroupCount::count_pass(const std::vector<size_t> &order, int pass) {
  empty_loops_.clear();  // so that they are counted again, too
  for (size_t done = 0; done < order.size(); ++done) {
    Lane &lane = session_.lanes[order[done]];
    if (!is_counted(lane)) continue;
    auto count = count_row(order[done]);
    if (count) {
      counts_[order[done]].push_back(*count);
    } else {
      SKLAB_CHECK(note_failure(lane, tl::unexpected(count.error())));
    }
    if (options_.progress) {
      options_.progress((pass + static_cast<double>(done) / static_cast<double>(order.size())) /
                        kPasses);
    }
  }
  return Ok{};
}

Result<> GroupCount::count_all() {
  // Rows that want the same of the static key follow each other: switching it patches kernel code.
  std::vector<size_t> order(session_.lanes.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) {
    return session_.lanes[a].wants_key_on() < session_.lanes[b].wants_key_on();
  });
  for (int pass = 0; pass < kPasses; ++pass) {
    SKLAB_CHECK(count_pass(order, pass));
    std::reverse(order.begin(), order.end());
  }
  return Ok{};
}

Result<> GroupCount::profile_all() {
  for (size_t i = 0; i < session_.lanes.size(); ++i) {
    Lane &lane = session_.lanes[i];
    if (!is_counted(lane)) continue;
    const auto windows = counter_.profile(lane, batches_[i]);
    if (windows) {
      profiles_[i] = *windows;
    } else {
      SKLAB_CHECK(note_failure(lane, tl::unexpected(windows.error())));
    }
  }
  return Ok{};
}

void GroupCount::add_difference(size_t index, InstructionRow &row) const {
  const std::string &reference = session_.lanes[index].spec.reference;
  for (size_t other = 0; other < session_.lanes.size(); ++other) {
    const Lane &lane = session_.lanes[other];
    if (lane.spec.name != reference || !is_counted(lane)) continue;
    row.difference = InstructionDifference{
        reference, row.instructions_per_lookup - static_cast<double>(counts_[other].front()) /
                                                     static_cast<double>(counted_[other].lookups)};
  }
}

InstructionRow GroupCount::row_of(size_t index) const {
  const Lane &lane = session_.lanes[index];
  InstructionRow row;
  row.name = lane.spec.name;
  row.path = path_name(lane.spec.path);
  row.title = lane.spec.title;
  row.definition = definition_of(lane, session_.netns().population);
  row.selected_socket = lane.selected_socket;
  row.verified_lookups = lane.verified_lookups;
  row.program_runs = lane.program_runs;
  row.reason = lane.failure.empty() ? reason_not_to_count(lane.spec) : lane.failure;
  row.status = !lane.failure.empty() ? RowStatus::kFailed
               : row.reason.empty()  ? RowStatus::kOk
                                     : RowStatus::kSkipped;
  if (row.status != RowStatus::kOk) return row;
  const std::vector<int64_t> &counts = counts_[index];
  const auto [least, most] = std::minmax_element(counts.begin(), counts.end());
  row.instructions = counts.front();
  row.lookups = counted_[index].lookups;
  row.packets = counted_[index].packets;
  row.packets_alike = counted_[index].packets_alike;
  row.residue = static_cast<uint64_t>(*most - *least);
  row.instructions_per_lookup =
      static_cast<double>(row.instructions) / static_cast<double>(row.lookups);
  row.profile = profiles_[index];
  add_difference(index, row);
  return row;
}

std::vector<InstructionRow> GroupCount::rows() const {
  std::vector<InstructionRow> rows;
  for (size_t i = 0; i < session_.lanes.size(); ++i) {
    const Lane &lane = session_.lanes[i];
    if (!lane.is_empty_loop && lane.spec.role == Role::kRow) rows.push_back(row_of(i));
  }
  return rows;
}

}  // namespace

Result<GroupCountResult> count_group(const GroupSpec &group, Instruments &instruments,
                                     InstructionClock &clock, const CountOptions &options) {
  SKLAB_TRY(const auto session, GroupSession::open(group, instruments, options.seed));
  GroupCount count(*session, clock, options);
  SKLAB_CHECK(count.check_all());
  GroupCountResult result;
  SKLAB_TRY(result.calibration, count.calibrate());
  SKLAB_CHECK(count.count_all());
  if (options.profile) {
    SKLAB_CHECK(count.profile_all());
    // They are there for as long as the programs.
    SKLAB_TRY(const std::string symbols, read_file("/proc/kallsyms"));
    result.bpf_symbols = lines_where(symbols, is_bpf_symbol);
  }
  SKLAB_CHECK(count.check_all());
  SKLAB_CHECK(instruments.key.set(false));
  result.rows = count.rows();
  if (!session->netns().crowding_doubt.empty()) {
    result.crowding_warning = crowding_warning(session->netns());
  }
  return result;
}

}  // namespace sklab
