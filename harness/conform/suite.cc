// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/conform/suite.h"

#include <chrono>

#include "harness/base/pattern.h"
#include "harness/conform/assign_arguments.h"
#include "harness/conform/assign_flags.h"
#include "harness/conform/assign_results.h"
#include "harness/conform/assign_sockets.h"
#include "harness/conform/context_access.h"
#include "harness/conform/context_selftest.h"
#include "harness/conform/context_values.h"
#include "harness/conform/delivery.h"
#include "harness/conform/deviations.h"
#include "harness/conform/links.h"
#include "harness/conform/placement.h"
#include "harness/conform/random_populations.h"
#include "harness/conform/return_codes.h"
#include "harness/conform/selftest.h"
#include "harness/conform/sequences.h"
#include "harness/conform/shared_addresses.h"
#include "harness/conform/socket_helpers.h"
#include "harness/conform/step_programs.h"
#include "harness/conform/test_run_inputs.h"
#include "harness/conform/test_run_results.h"
#include "harness/conform/test_run_selection.h"

namespace sklab {
namespace {

// A group that has one depth and no rules that could be replaced.
template <void (*kCheck)(CaseLog &)>
constexpr ConformGroup fixed(const char *name, const char *title) {
  return {name, title, [](CaseLog &log, const ConformSettings &) { kCheck(log); }, false};
}

constexpr ConformGroup kGroups[] = {
    {"selftest", "the cases of the kernel's prog_tests/sk_lookup.c", check_selftest},
    {"step_programs", "which programs load, by all that they do, and what those do",
     check_step_programs},
    {"sequences", "programs in every order, in every dialect, on the probe path", check_sequences},
    {"long_sequences", "4 to 64 programs in random order", check_long_sequences},
    {"assign_results", "errors of bpf_sk_assign and the order of its checks", check_assign_results},
    {"populations", "random sockets, programs and packets, on the probe path",
     check_random_populations},
    {"delivery", "packets on a wire: who receives, what the sender gets", check_delivery},
    {"link_sequences", "attach, update, detach and close in every order", check_link_sequences},
    fixed<check_context_selftest>("context_selftest",
                                  "the cases of the kernel's verifier/ctx_sk_lookup.c"),
    fixed<check_context_access>("context_access",
                                "which loads and stores the verifier lets through"),
    fixed<check_context_values>("context_values", "what a program reads from its context"),
    fixed<check_return_codes>("return_codes", "which programs load, by what they return"),
    fixed<check_assign_arguments>("assign_arguments", "what may be given to bpf_sk_assign"),
    {"assign_flags", "flags that the verifier does not know", check_assign_flags},
    fixed<check_assign_sockets>("assign_sockets", "sockets in maps, whatever became of them"),
    fixed<check_socket_helpers>("socket_helpers", "helpers that give sockets, or are not there"),
    fixed<check_test_run_inputs>("test_run_inputs", "what BPF_PROG_TEST_RUN refuses"),
    fixed<check_test_run_results>("test_run_results", "what BPF_PROG_TEST_RUN returns"),
    fixed<check_test_run_selection>("test_run_selection", "the socket that a test run selects"),
    fixed<check_shared_addresses>("shared_addresses",
                                  "which of several UDP sockets at one address receives"),
    fixed<check_placement>("placement", "where the hook runs, how often, and what it sees there"),
    {"link_calls", "the limit, queries, netns exit, wrong calls", check_link_calls},
};

}  // namespace

std::span<const ConformGroup> conform_groups() { return kGroups; }

Result<std::vector<ConformGroup>> select_conform_groups(const std::string &filter) {
  SKLAB_TRY(const Pattern expression, Pattern::compile("--filter", filter));
  std::vector<ConformGroup> selected;
  for (const ConformGroup &group : kGroups) {
    if (expression.is_found_in(std::string(group.name))) selected.push_back(group);
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
  CaseGroupRecord record{group.name, group.title, elapsed.count(), log.take()};
  excuse_known_deviations(record);
  return record;
}

}  // namespace sklab
