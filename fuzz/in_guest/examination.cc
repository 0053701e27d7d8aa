// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/in_guest/examination.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "fuzz/in_guest/fault_mail.h"
#include "fuzz/in_guest/reduce_input.h"
#include "harness/guest/kernel_report.h"
#include "harness/guest/stack_lines.h"

namespace sklab {
namespace {

constexpr size_t kMostReducingGuests = 40;
constexpr unsigned kTries = 3;

std::span<const uint8_t> bytes_of(const std::string &input) {
  return {reinterpret_cast<const uint8_t *>(input.data()), input.size()};
}

std::string joined_lines(const nlohmann::json &lines) {
  std::string text;
  for (const auto &line : lines) text += line.get<std::string>() + "\n";
  return text;
}

// Of a finding's files, as a fuzzer wrote them. Errors: they are none.
Result<Finding> finding_of(std::map<std::string, std::string> files) {
  Finding finding;
  try {
    const auto json = nlohmann::json::parse(files.at("finding.json"));
    finding.signature = json.at("signature");
    finding.expected = joined_lines(json.at("expected"));
    finding.actual = joined_lines(json.at("actual"));
    finding.scenario_file = json.at("scenario_file");
  } catch (const std::exception &) {
    return fail("understand a finding that came out of a guest");
  }
  for (const char *written_anew : {"finding.json", "finding.txt", "input"}) {
    files.erase(written_anew);
  }
  finding.files = std::move(files);
  return finding;
}

// The last is "input", those before it have numbers.
std::string input_name(size_t index, size_t inputs) {
  return index + 1 == inputs ? "input" : fmt::format("input_{:03}", index);
}

}  // namespace

std::vector<std::string> Examination::repeat_commands(size_t inputs) const {
  std::string command = fmt::format(
      "sklab fuzz --target {} --targets {}{} --inputs", fuzzing_.target, fuzzer_.name,
      origin_.rules == kKernelRules ? "" : fmt::format(" --model-mutant '{}'", origin_.rules));
  for (size_t i = 0; i < inputs; ++i) command += " " + input_name(i, inputs);
  return {command};
}

Result<Examined> Examination::keep_unrepeated(Finding finding, const std::string &input) const {
  SKLAB_CHECK(unrepeated_.add(finding, bytes_of(input), ""));
  return Examined::kUnrepeated;
}

Result<Examined> Examination::disagreement(std::map<std::string, std::string> files) {
  const std::string input = files["input"];
  SKLAB_TRY(Finding finding, finding_of(std::move(files)));
  if (findings_.has(finding)) return Examined::kKnown;
  finding.repeat = repeat_commands(1);
  if (!finding.scenario_file.empty()) {
    finding.repeat.push_back(
        fmt::format("sklab replay {} --target {}", finding.scenario_file, fuzzing_.target));
  }
  if (finding.files.contains("reproducer.c")) {
    finding.repeat.emplace_back("cc -o reproducer reproducer.c -lbpf    # for its kernel");
  }
  const auto again = trials_.run({input});
  if (!again || again->signature != finding.signature) {
    return keep_unrepeated(std::move(finding), input);
  }
  SKLAB_CHECK(findings_.add(finding, bytes_of(input), ""));
  return Examined::kNew;
}

// The last input alone, or else all of those that are known, or fewer of them.
Result<std::optional<Examination::Cause>> Examination::find_cause(
    const std::deque<std::string> &inputs) const {
  std::optional<Cause> cause;
  std::vector<std::string> tried = {inputs.back()};
  SKLAB_TRY(Trial alone, trials_.run(tried));
  if (alone.fell) return Cause{std::move(tried), std::move(alone)};
  tried.assign(inputs.begin(), inputs.end());
  while (tried.size() > 1) {
    SKLAB_TRY(Trial trial, trials_.run(tried));
    if (!trial.fell) break;
    tried.resize(trial.last_input + 1);
    cause = Cause{tried, std::move(trial)};
    tried.erase(tried.begin(), tried.begin() + static_cast<ptrdiff_t>((tried.size() + 1) / 2));
  }
  return cause;
}

// Of several inputs only the number is reduced: each try costs a guest.
Result<Examination::Cause> Examination::reduce(Cause cause) const {
  if (cause.inputs.size() > 1) return cause;
  const auto attempt =
      [&](const std::vector<std::string> &candidates) -> Result<std::optional<size_t>> {
    SKLAB_TRY(const Trial trial, trials_.run(candidates));
    if (!trial.fell) return std::nullopt;
    return trial.last_input;
  };
  SKLAB_TRY(std::string reduced,
            reduce_input(cause.inputs.front(), fuzzer_.record_bytes, kMostReducingGuests, attempt));
  // Others came before it in that guest.
  SKLAB_TRY(Trial trial, trials_.run({reduced}));
  if (!trial.fell) return cause;
  return Cause{{std::move(reduced)}, std::move(trial)};
}

Finding Examination::describe(const Cause &cause) const {
  Finding finding;
  finding.signature = cause.trial.signature;
  finding.expected = "the kernel lives\n";
  finding.actual = cause.trial.signature + "\n";
  finding.repeat = repeat_commands(cause.inputs.size());
  finding.files["console.log"] = cause.trial.guest.console;
  for (size_t i = 0; i + 1 < cause.inputs.size(); ++i) {
    finding.files[input_name(i, cause.inputs.size())] = cause.inputs[i];
  }
  if (auto files = trials_.describe(cause.inputs.back())) finding.files.merge(*files);
  FaultFacts facts;
  facts.signature = finding.signature;
  facts.kernel = origin_.fingerprint;
  facts.target = origin_.target;
  facts.repeat = finding.repeat;
  facts.emulator = cause.trial.guest.emulator;
  for (facts.tries = 0; facts.tries < kTries; ++facts.tries) {
    const auto again = trials_.run(cause.inputs, facts.tries + 1);
    if (!again) break;
    facts.fell += again->fell ? 1 : 0;
  }
  const auto reports = find_kernel_reports(cause.trial.guest.console);
  if (!reports.empty()) {
    facts.report = report_with_lines(reports.front(), fuzzing_.kernel);
    finding.files["stack.txt"] = stack_with_lines(reports.front(), fuzzing_.kernel);
  }
  const auto source = finding.files.find("reproducer.c");
  if (source != finding.files.end()) {
    const auto fell = trials_.run_reproducer(source->second);
    if (!fell) facts.reproducer = "reproducer.c was not tried: " + fell.error().message();
    if (fell && !fell->empty()) facts.reproducer = "reproducer.c does the same: " + *fell;
    if (fell && fell->empty()) {
      facts.reproducer = "reproducer.c makes the same calls, and did not make a guest fail.";
    }
  }
  finding.files["mail.txt"] = fault_mail(facts);
  return finding;
}

Result<Examined> Examination::fall(const GuestRecord &guest,
                                   const std::deque<std::string> &inputs) {
  Finding seen;
  seen.signature = fall_signature(guest);
  if (findings_.has(seen)) return Examined::kKnown;
  // A guest that cannot run now, or an interrupt, must not lose it.
  const auto found = find_cause(inputs);
  if (!found || !*found) {
    seen.expected = "the kernel lives\n";
    seen.actual = seen.signature + "\n";
    seen.files["console.log"] = guest.console;
    for (size_t i = 0; i + 1 < inputs.size(); ++i) {
      seen.files[input_name(i, inputs.size())] = inputs[i];
    }
    seen.repeat = repeat_commands(inputs.size());
    return keep_unrepeated(std::move(seen), inputs.back());
  }
  // It may have fallen otherwise.
  seen.signature = (*found)->trial.signature;
  if (findings_.has(seen)) return Examined::kKnown;
  const Cause reduced = reduce(**found).value_or(**found);
  const Finding finding = describe(reduced);
  if (findings_.has(finding)) return Examined::kKnown;
  SKLAB_CHECK(findings_.add(finding, bytes_of(reduced.inputs.back()), ""));
  return Examined::kNew;
}

}  // namespace sklab
