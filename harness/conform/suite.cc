// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/conform/suite.h"

#include <chrono>
#include <regex>

#include "harness/conform/assign_results.h"
#include "harness/conform/delivery.h"
#include "harness/conform/links.h"
#include "harness/conform/random_populations.h"
#include "harness/conform/selftest.h"
#include "harness/conform/sequences.h"

namespace sklab {
namespace {

constexpr ConformGroup kGroups[] = {
    {"selftest", "the cases of the kernel's prog_tests/sk_lookup.c", check_selftest},
    {"sequences", "programs in every order, in every dialect, on the probe path", check_sequences},
    {"long_sequences", "4 to 64 programs in random order", check_long_sequences},
    {"assign_results", "errors of bpf_sk_assign and the order of its checks", check_assign_results},
    {"populations", "random sockets, programs and packets, on the probe path",
     check_random_populations},
    {"delivery", "packets on a wire: who receives, what the sender gets", check_delivery},
    {"link_sequences", "attach, update, detach and close in every order", check_link_sequences},
    {"link_calls", "the limit, queries, netns exit, wrong calls", check_link_calls},
};

}  // namespace

std::span<const ConformGroup> conform_groups() { return kGroups; }

Result<std::vector<ConformGroup>> select_conform_groups(const std::string &filter) {
  std::vector<ConformGroup> selected;
  try {
    const std::regex expression(filter);
    for (const ConformGroup &group : kGroups) {
      if (std::regex_search(group.name, expression)) selected.push_back(group);
    }
  } catch (const std::regex_error &) {
    return fail_as(ErrorKind::kUsage, "read regular expression", "'" + filter + "'");
  }
  if (!selected.empty()) return selected;
  return fail_as(ErrorKind::kUsage, "find a group that matches", "'" + filter + "'", 0,
                 "`sklab conform --list` shows them");
}

CaseGroupRecord run_group(const ConformGroup &group, const ConformSettings &settings,
                          const std::function<void(const std::string &what)> &progress) {
  const auto start = std::chrono::steady_clock::now();
  CaseLog log(
      [&](const CaseRecord &record) { progress(std::string(group.name) + "/" + record.name); });
  group.check(log, settings);
  const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start;
  return {group.name, group.title, elapsed.count(), log.take()};
}

}  // namespace sklab
