// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/program/program_finding.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cstring>
#include <string>

#include "fuzz/program/disassembly.h"
#include "fuzz/program/program_reproducer.h"
#include "harness/model/step_text.h"

namespace sklab {
namespace {

std::string errno_text(int error) {
  const char *name = ::strerrorname_np(error);
  return name != nullptr ? name : fmt::format("errno {}", error);
}

constexpr std::array<const char *, kStepKinds> kKindNames = {"lookup",  "load", "store",  "set",
                                                             "copy",    "mask", "show",   "assign",
                                                             "release", "if",   "return", "helper"};

const char *kind_name(const Step &step) { return kKindNames[static_cast<size_t>(step.kind)]; }

// Registers and other numbers left out.
std::string without_numbers(const std::string &message) {
  std::string text;
  for (const char c : message.substr(0, message.find(';'))) {
    if (std::isdigit(static_cast<unsigned char>(c)) == 0) text += c;
  }
  return text;
}

std::string load_signature(const ProgramFinding &finding) {
  const LoadVerdict &verdict = finding.verdict;
  if (finding.load_error == 0) {
    return fmt::format("loads instead of being refused for its {}: {}",
                       kind_name(finding.program.steps[verdict.step]),
                       kLoadReasons[static_cast<size_t>(verdict.reason)]);
  }
  const std::string how = fmt::format("{}: {}", errno_text(finding.load_error),
                                      without_numbers(finding.verifier_message));
  return fmt::format("refused with {}{}", how, verdict.loads() ? " instead of loading" : "");
}

std::string value_text(const Step &step, const StepRun::Shown &shown) {
  if (!shown.shown) return "nothing";
  if (step.kind != StepKind::kAssign) return shown.value == 0 ? "0" : "another number";
  const auto error = -static_cast<int64_t>(shown.value);
  return error == 0 ? "0" : errno_text(static_cast<int>(error));
}

std::string run_signature(const ProgramFinding &finding) {
  const StepRun &expected = *finding.expected;
  const StepRun &observed = *finding.observed;
  for (size_t i = 0; i < expected.shown.size(); ++i) {
    if (expected.shown[i] == observed.shown[i]) continue;
    const Step &step = finding.program.steps[i];
    return fmt::format("{} shows {} instead of {}", kind_name(step),
                       value_text(step, observed.shown[i]), value_text(step, expected.shown[i]));
  }
  if (expected.error != observed.error) {
    return fmt::format("test run gives {} instead of {}", errno_text(observed.error),
                       errno_text(expected.error));
  }
  if (expected.return_code != observed.return_code) {
    return fmt::format("test run returns {} instead of {}", observed.return_code,
                       expected.return_code);
  }
  return fmt::format("{} selected instead of {}", observed.selected ? "a socket" : "no socket",
                     expected.selected ? "another" : "none");
}

std::string kernel_verdict(const ProgramFinding &finding) {
  if (finding.load_error == 0) return "loads";
  return fmt::format("refused: {}: {}", errno_text(finding.load_error), finding.verifier_message);
}

}  // namespace

Finding describe_finding(const ProgramFinding &finding, const StepLab &lab) {
  const bool ran = finding.observed.has_value();
  Finding described;
  described.signature = ran ? run_signature(finding) : load_signature(finding);
  described.expected = describe(finding.verdict) + "\n" + (ran ? describe(*finding.expected) : "");
  described.actual = kernel_verdict(finding) + "\n" + (ran ? describe(*finding.observed) : "");
  const StepCode code = lab.compile(finding.program);
  described.files["program.txt"] = describe(finding.program);
  described.files["instructions.txt"] = disassembly(finding.program, code);
  if (finding.load_error != 0) described.files["verifier.txt"] = finding.verifier_message + "\n";
  described.files["reproducer.c"] = write_reproducer(finding, described.signature);
  return described;
}

}  // namespace sklab
