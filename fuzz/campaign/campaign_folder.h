// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "fuzz/campaign/campaign_record.h"
#include "fuzz/campaign/campaign_state.h"
#include "fuzz/campaign/fuzzers.h"
#include "harness/base/result.h"
#include "harness/base/unique_fd.h"

namespace sklab {

// Where a campaign keeps everything:
//   corpus/TARGET-VERSION/  inputs; corpus/skipped/ those that were no good
//   findings/               one folder each (fuzz/target/finding.h)
//   unrepeated/             the same, of what did not happen again in a fresh guest
//   coverage/KERNEL.json    what of a guest's kernel ran
//   journal/TARGET.JOB      the last inputs of each process; journal/killed-RUN/ those of a run
//                           that never came to its end
//   logs/TARGET.JOB.log     what the processes wrote
//   campaign.json           figures of all runs
//   summary.txt, .md, .json of the last run
// A run that is killed at any moment leaves a folder that the next one goes on with.
class CampaignFolder {
 public:
  // Makes what is missing, and takes it for this process alone. Errors: kUsage when another
  // campaign has it; what the file system reports.
  static Result<CampaignFolder> open(const std::filesystem::path &path);

  [[nodiscard]] const std::filesystem::path &path() const { return path_; }
  [[nodiscard]] std::filesystem::path corpora() const { return path_ / "corpus"; }
  [[nodiscard]] std::filesystem::path corpus(const Fuzzer &fuzzer) const;
  [[nodiscard]] std::filesystem::path skipped_inputs() const { return corpora() / "skipped"; }
  [[nodiscard]] std::filesystem::path findings() const { return path_ / "findings"; }
  [[nodiscard]] std::filesystem::path unrepeated() const { return path_ / "unrepeated"; }
  [[nodiscard]] std::filesystem::path journals() const { return path_ / "journal"; }
  [[nodiscard]] std::filesystem::path logs() const { return path_ / "logs"; }
  // For files of this run only.
  [[nodiscard]] std::filesystem::path scratch() const { return path_ / "tmp"; }

  // The state of the runs before; an empty one for a new folder. A file that cannot be understood
  // is put aside, and named in `notes`.
  [[nodiscard]] CampaignState read_state(std::vector<std::string> &notes) const;
  [[nodiscard]] Result<> write_state(const CampaignState &state) const;

  // All findings, by name. What has no readable finding.json is left out.
  [[nodiscard]] std::vector<FindingRecord> read_findings() const;

  // Puts the journals of the run that was killed aside. Errors: what the file system reports.
  [[nodiscard]] Result<> keep_journals(unsigned run) const;

  // Gives the space back that open() has set aside, for what has to be written on a full disk.
  void release_reserve() const;
  // Removes the files of this run only.
  void clear_scratch() const;

 private:
  CampaignFolder(std::filesystem::path path, UniqueFd lock)
      : path_(std::move(path)), lock_(std::move(lock)) {}
  [[nodiscard]] std::filesystem::path reserve() const { return path_ / ".reserve"; }
  [[nodiscard]] Result<> prepare() const;

  std::filesystem::path path_;
  UniqueFd lock_;
};

}  // namespace sklab
