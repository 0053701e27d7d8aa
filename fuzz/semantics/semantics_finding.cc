// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/semantics/semantics_finding.h"

#include <fmt/format.h>

#include <string>

#include "fuzz/semantics/semantics_reproducer.h"
#include "harness/model/scenario_text.h"

namespace sklab {
namespace {

std::string result_name(int result) { return result == 0 ? "0" : fmt::format("errno {}", -result); }

// The first assign whose result differs, by what can make a difference to the checks.
std::string differing_assign(const SemanticsFinding &finding) {
  const auto &expected = finding.expected.assign_results;
  const auto &observed = finding.observed.assign_results;
  for (size_t i = 0; i < expected.size(); ++i) {
    for (size_t k = 0; k < expected[i].size() && k < observed[i].size(); ++k) {
      if (expected[i][k] == observed[i][k]) continue;
      const AssignOperation &assign = finding.scenario.programs[i].assigns[k];
      return fmt::format("assign of {} returns {} instead of {}",
                         assign.socket ? "a socket" : "NULL", result_name(observed[i][k]),
                         result_name(expected[i][k]));
    }
  }
  return "other assigns are made";
}

std::string what_differs(const SemanticsFinding &finding) {
  const Outcome &expected = finding.expected;
  const Observation &observed = finding.observed;
  if (expected.run_counts != observed.run_counts) return "other programs run";
  if (!observed.in_order) return "programs run in another order";
  if (expected.assign_results != observed.assign_results) return differing_assign(finding);
  constexpr const char *kDecided[] = {"a connected socket", "the hook's selection",
                                      "no socket: refused", "the hashtable's socket", "no socket"};
  return fmt::format("{} instead of {}", observed.socket ? "another socket" : "no socket",
                     kDecided[static_cast<size_t>(expected.decided_by)]);
}

std::string facts(const std::string &socket, const std::vector<uint64_t> &run_counts,
                  const std::vector<std::vector<int>> &assign_results, bool in_order) {
  std::string text = fmt::format("socket {}\n", socket);
  for (size_t i = 0; i < run_counts.size(); ++i) {
    text += fmt::format("program {} ran {}", i, run_counts[i]);
    for (const int result : assign_results[i]) text += fmt::format(", {}", result_name(result));
    text += '\n';
  }
  return text + (in_order ? "" : "programs out of order\n");
}

std::string expected_facts(const SemanticsFinding &finding) {
  std::string names;
  for (const size_t index : finding.expected.sockets) {
    names += (names.empty() ? "" : " or ") + finding.scenario.sockets[index].name;
  }
  return facts(names.empty() ? "none" : names, finding.expected.run_counts,
               finding.expected.assign_results, true);
}

std::string observed_facts(const SemanticsFinding &finding) {
  const auto &socket = finding.observed.socket;
  const std::string name = !socket ? "none"
                           : *socket < finding.scenario.sockets.size()
                               ? finding.scenario.sockets[*socket].name
                               : fmt::format("#{}", *socket);
  return facts(name, finding.observed.run_counts, finding.observed.assign_results,
               finding.observed.in_order);
}

// Where in the kernel's source the facts that differ are made.
std::string what_to_look_at(const SemanticsFinding &finding) {
  const bool tcp = finding.scenario.packet.protocol == Protocol::kTcp;
  const bool ipv6 = finding.scenario.packet.source.address.family == Family::kIpv6;
  if (finding.expected.run_counts == finding.observed.run_counts && finding.observed.in_order &&
      finding.expected.assign_results != finding.observed.assign_results) {
    return "bpf_sk_lookup_assign()";
  }
  const std::string lookup = tcp ? (ipv6 ? "inet6_lookup_listener()" : "__inet_lookup_listener()")
                                 : (ipv6 ? "__udp6_lib_lookup()" : "__udp4_lib_lookup()");
  return lookup + ", BPF_PROG_SK_LOOKUP_RUN_ARRAY(), bpf_sk_lookup_assign()";
}

std::string reproducer(const SemanticsFinding &finding, const std::string &signature) {
  const std::string about = fmt::format(
      "A socket lookup that does not end as the rules of the sk_lookup hook say it must.\n{}\n\n"
      "The kernel did: {}\nWhat to look at: the facts marked with '!' in the output;\n{}",
      signature, describe(finding.observed, finding.scenario), what_to_look_at(finding));
  return semantics_reproducer(about, finding.scenario, finding.expected);
}

}  // namespace

Finding describe_finding(const SemanticsFinding &finding) {
  Finding described;
  described.signature =
      fmt::format("{}: {}", dialect_name(finding.scenario.dialect), what_differs(finding));
  described.expected = expected_facts(finding);
  described.actual = observed_facts(finding);
  described.scenario_file = "finding.scenario";
  described.files[described.scenario_file] =
      fmt::format("# rules:  {}\n# kernel: {}\n{}", describe(finding.expected, finding.scenario),
                  describe(finding.observed, finding.scenario), format_scenario(finding.scenario));
  described.files["reproducer.c"] = reproducer(finding, described.signature);
  return described;
}

}  // namespace sklab
