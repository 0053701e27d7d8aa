// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "fuzz/campaign/merge.h"

namespace sklab {

std::string merge_text(const MergeRecord &record) {
  std::string text = fmt::format("{:<24} {:>8} {:>8} {:>8} {:>8}\n", "target", "before", "offered",
                                 "skipped", "after");
  for (const MergedCorpus &corpus : record.corpora) {
    text += fmt::format("{:<24} {:>8} {:>8} {:>8} {:>8}\n", corpus.target, corpus.before,
                        corpus.offered, corpus.skipped, corpus.after);
    if (!corpus.skip_reason.empty()) text += fmt::format("  SKIP {}\n", corpus.skip_reason);
  }
  if (record.was_interrupted) text += "interrupted: the other corpora are as they were\n";
  for (const FindingRecord &finding : record.new_findings) {
    text += fmt::format("new finding: {} (findings/{})\n", finding.signature, finding.name);
  }
  return text;
}

std::string merge_json(const MergeRecord &record) {
  nlohmann::ordered_json corpora = nlohmann::ordered_json::array();
  for (const MergedCorpus &corpus : record.corpora) {
    corpora.push_back({{"target", corpus.target},
                       {"before", corpus.before},
                       {"offered", corpus.offered},
                       {"skipped", corpus.skipped},
                       {"after", corpus.after},
                       {"skip_reason", corpus.skip_reason}});
  }
  nlohmann::ordered_json findings = nlohmann::ordered_json::array();
  for (const FindingRecord &finding : record.new_findings) {
    findings.push_back({{"folder", "findings/" + finding.name}, {"signature", finding.signature}});
  }
  const nlohmann::ordered_json json = {{"schema_version", 1},
                                       {"corpora", corpora},
                                       {"new_findings", findings},
                                       {"interrupted", record.was_interrupted}};
  return json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace sklab
