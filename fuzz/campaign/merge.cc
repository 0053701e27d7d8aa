// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/campaign/merge.h"

#include <fmt/format.h>
#include <poll.h>

#include <algorithm>
#include <csignal>
#include <set>

#include "fuzz/campaign/corpus.h"
#include "fuzz/campaign/fuzzer_output.h"
#include "fuzz/campaign/log_file.h"
#include "harness/base/child_process.h"
#include "harness/base/exit_code.h"
#include "harness/measure/interrupt.h"

namespace sklab {
namespace {

namespace fs = std::filesystem;

Result<> make_folder(const fs::path &folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) return fail("make folder", folder.string(), error.value());
  return Ok{};
}

// Where `source` has inputs for the fuzzer; empty if it has none.
Result<fs::path> inputs_for(const Fuzzer &fuzzer, const fs::path &source, bool only_fuzzer) {
  std::error_code error;
  for (const fs::path &corpora : {source / "corpus", source}) {
    const fs::path corpus = corpora / corpus_name(fuzzer);
    if (fs::is_directory(corpus, error)) return corpus;
  }
  if (fs::is_directory(source / "corpus", error)) return fs::path();
  if (only_fuzzer && fs::is_directory(source, error)) return source;
  return fail_as(ErrorKind::kUsage, "merge", source.string(), 0,
                 "it is no campaign's folder; for a folder of inputs name one of --targets");
}

struct Ended {
  int exit_code = 0;
  std::string complaint;
};

// Runs a command to its end, unless it is interrupted: then it is killed.
Result<std::optional<Ended>> run_to_end(const ChildCommand &command, LogFile log) {
  constexpr int kPollMs = 50;
  FuzzerOutput output;
  SKLAB_CHECK(log.write(fmt::format("$ {}\n", fmt::join(command.arguments, " "))));
  SKLAB_TRY(ChildProcess child, ChildProcess::start(command));
  while (!interrupted()) {
    const std::optional<int> code = child.exit_code();
    const std::string written = child.read_output();
    output.add(written);
    SKLAB_CHECK(log.write(written));
    if (code) return Ended{*code, output.complaint()};
    ::poll(nullptr, 0, kPollMs);
  }
  return std::nullopt;
}

ChildCommand merge_command(const Fuzzer &fuzzer, const CampaignFolder &folder,
                           const fs::path &minimal, const fs::path &offered) {
  ChildCommand command;
  command.arguments = {fuzzer.program.string(),
                       "-set_cover_merge=1",
                       fmt::format("-max_len={}", fuzzer.most_input_bytes),
                       fmt::format("-artifact_prefix={}/", folder.scratch().string()),
                       minimal.string(),
                       folder.corpus(fuzzer).string(),
                       offered.string()};
  command.environment = {{"SKLAB_FINDINGS", folder.findings().string()},
                         {"SKLAB_JOURNAL", (folder.journals() / (fuzzer.name + ".merge")).string()},
                         {"SKLAB_MODEL_MUTANT", ""},
                         {"TMPDIR", folder.scratch().string()}};
  return command;
}

std::set<std::string> names_in(const fs::path &folder) {
  std::set<std::string> names;
  std::error_code error;
  for (const auto &entry : fs::directory_iterator(folder, error)) {
    names.insert(entry.path().filename());
  }
  return names;
}

// The minimal set comes first, what is not in it goes afterwards.
Result<> replace_inputs(const fs::path &corpus, const fs::path &minimal) {
  const std::set<std::string> keep = names_in(minimal);
  for (const std::string &name : keep) {
    if (::rename((minimal / name).c_str(), (corpus / name).c_str()) != 0) {
      return fail("move", (minimal / name).string(), errno);
    }
  }
  for (const std::string &name : names_in(corpus)) {
    std::error_code error;
    if (!keep.contains(name)) fs::remove(corpus / name, error);
    if (error) return fail("remove", (corpus / name).string(), error.value());
  }
  return Ok{};
}

class Merge {
 public:
  Merge(const CampaignFolder &folder, const std::vector<fs::path> &sources, bool only_fuzzer)
      : folder_(folder), sources_(sources), only_fuzzer_(only_fuzzer) {}

  // None if it was interrupted.
  Result<std::optional<MergedCorpus>> merge(const Fuzzer &fuzzer) const {
    MergedCorpus merged;
    merged.target = fuzzer.name;
    const fs::path corpus = folder_.corpus(fuzzer);
    const fs::path offered = folder_.scratch() / (fuzzer.name + ".offered");
    const fs::path minimal = folder_.scratch() / (fuzzer.name + ".minimal");
    for (const fs::path &one : {corpus, offered, minimal}) SKLAB_CHECK(make_folder(one));
    SKLAB_TRY(const CorpusCheck own,
              check_corpus(corpus, folder_.skipped_inputs() / corpus_name(fuzzer)));
    merged.before = merged.after = own.inputs;
    merged.skipped = own.skipped;
    SKLAB_CHECK(collect(fuzzer, offered, merged));
    SKLAB_TRY(LogFile log, LogFile::open(folder_.logs() / (fuzzer.name + ".merge.log")));
    SKLAB_TRY(const std::optional<Ended> ended,
              run_to_end(merge_command(fuzzer, folder_, minimal, offered), std::move(log)));
    if (!ended) return std::nullopt;
    if (ended->exit_code == static_cast<int>(ExitCode::kSkip)) {
      merged.skip_reason = ended->complaint;
      return merged;
    }
    if (ended->exit_code != 0) {
      return fail("merge the corpora of", fuzzer.name, 0,
                  fmt::format("exit code {}: {} (logs/{}.merge.log)", ended->exit_code,
                              ended->complaint, fuzzer.name));
    }
    SKLAB_CHECK(replace_inputs(corpus, minimal));
    merged.after = count_inputs(corpus);
    return merged;
  }

 private:
  // Copies, so that libFuzzer meets intact regular files only.
  Result<> collect(const Fuzzer &fuzzer, const fs::path &offered, MergedCorpus &merged) const {
    for (const fs::path &source : sources_) {
      SKLAB_TRY(const fs::path inputs, inputs_for(fuzzer, source, only_fuzzer_));
      if (inputs.empty()) continue;
      SKLAB_TRY(const CorpusCheck check, copy_inputs(inputs, offered, inputs == source));
      merged.offered += check.inputs;
      merged.skipped += check.skipped;
    }
    return Ok{};
  }

  const CampaignFolder &folder_;
  const std::vector<fs::path> &sources_;
  bool only_fuzzer_;
};

}  // namespace

Result<MergeRecord> merge_corpora(const std::vector<Fuzzer> &fuzzers, const CampaignFolder &folder,
                                  const std::vector<fs::path> &sources, Live &live) {
  MergeRecord record;
  const std::vector<FindingRecord> before = folder.read_findings();
  const Merge merge(folder, sources, fuzzers.size() == 1);
  for (const Fuzzer &fuzzer : fuzzers) {
    live.event("merge", fuzzer.name, "looks for the smallest set of inputs that covers the same");
    SKLAB_TRY(const std::optional<MergedCorpus> merged, merge.merge(fuzzer));
    if (!merged) {
      record.was_interrupted = true;
      break;
    }
    record.corpora.push_back(*merged);
  }
  for (FindingRecord &finding : folder.read_findings()) {
    if (std::find(before.begin(), before.end(), finding) != before.end()) continue;
    finding.is_new = true;
    live.event("finding", finding.target, finding.signature);
    record.new_findings.push_back(std::move(finding));
  }
  return record;
}

}  // namespace sklab
