// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/lifecycle/lifecycle_finding.h"

#include <fmt/format.h>

#include "fuzz/lifecycle/reproducer.h"
#include "fuzz/lifecycle/sequence_text.h"

namespace sklab {
namespace {

std::string errno_name(int error) { return error == 0 ? "0" : fmt::format("errno {}", -error); }

std::string what_differs(const LifecycleFinding &finding) {
  const OperationResult &expected = finding.expected().result;
  const OperationResult &result = finding.result;
  if (expected.error != result.error) {
    return fmt::format("{} instead of {}", errno_name(result.error), errno_name(expected.error));
  }
  if (expected.count != result.count) {
    return finding.sequence.operations.back().kind == OperationKind::kLinkInfo
               ? "it is attached otherwise"
               : "another count of programs";
  }
  if (expected.programs != result.programs) return "other programs";
  if (expected.step_results != result.step_results) return "other results of assigns";
  return finding.expected().sockets.empty() ? "a socket instead of none"
         : result.socket                    ? "another socket"
                                            : "no socket";
}

}  // namespace

std::string signature_of(const LifecycleFinding &finding) {
  return fmt::format("{}: {}", operation_name(finding.sequence.operations.back().kind),
                     what_differs(finding));
}

Finding describe_finding(const LifecycleFinding &finding) {
  const OperationKind kind = finding.sequence.operations.back().kind;
  Finding described;
  described.signature = signature_of(finding);
  described.expected = describe(finding.expected(), kind);
  described.actual = describe(finding.result, kind);
  described.files["sequence.txt"] = format_sequence(finding.sequence);
  described.files["reproducer.c"] = reproducer_of(described.signature, finding);
  return described;
}

}  // namespace sklab
