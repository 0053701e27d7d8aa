// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// What a fuzzer in a guest came upon is a finding if it happens again in a fresh guest. It is then
// reduced and written down.
#pragma once

#include <deque>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "fuzz/campaign/workplace.h"
#include "fuzz/in_guest/trial.h"
#include "fuzz/target/finding.h"

namespace sklab {

class Examination {
 public:
  Examination(const GuestFuzzing &fuzzing, const Fuzzer &fuzzer, const CampaignFolder &folder,
              Trials trials, FindingOrigin origin)
      : fuzzing_(fuzzing),
        fuzzer_(fuzzer),
        findings_(folder.findings(), origin),
        unrepeated_(folder.unrepeated(), origin),
        origin_(std::move(origin)),
        trials_(std::move(trials)) {}

  // Errors of both: what writing reports. Where no guest can run, what was seen is kept as one that
  // did not happen again.
  // A disagreement with the rules: the files that the fuzzer wrote, by name.
  Result<Examined> disagreement(std::map<std::string, std::string> files);
  // The kernel fell after these inputs, oldest first.
  Result<Examined> fall(const GuestRecord &guest, const std::deque<std::string> &inputs);

 private:
  // What fells a guest, as little as that may be: inputs, and how it fell.
  struct Cause {
    std::vector<std::string> inputs;
    Trial trial;
  };
  Result<std::optional<Cause>> find_cause(const std::deque<std::string> &inputs) const;
  Result<Cause> reduce(Cause cause) const;
  [[nodiscard]] Finding describe(const Cause &cause) const;
  [[nodiscard]] std::vector<std::string> repeat_commands(size_t inputs) const;
  Result<Examined> keep_unrepeated(Finding finding, const std::string &input) const;

  const GuestFuzzing &fuzzing_;
  const Fuzzer &fuzzer_;
  FindingFolder findings_;
  FindingFolder unrepeated_;
  FindingOrigin origin_;
  Trials trials_;
};

}  // namespace sklab
