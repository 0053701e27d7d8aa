// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Copies of a source tree that only differ where the tree did, so that make compiles only what
// changed. git does it, with a repository of sklab's own: the user's is read and never changed.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "harness/base/result.h"
#include "harness/guest/build/build_folder.h"
#include "harness/guest/build/source_change.h"
#include "harness/guest/kernels/tool_run.h"

namespace sklab {

class SourceSnapshots {
 public:
  // Kept in `folder`, which must live longer. Errors: kUnavailable without git; a folder that
  // cannot be written.
  static Result<SourceSnapshots> open(const BuildFolder &folder, Tick tick);

  // The files below `source` as they are now: of a git tree those that git does not ignore, of
  // another all. Returns their tree object's name. Errors: kUsage for a tree without git that has
  // been built in.
  Result<std::string> take(const std::filesystem::path &source);

  // What `tree` is with patches, in this order; formats are those of git-apply(1). Errors: kUsage
  // for one that cannot be read, or does not fit.
  Result<std::string> apply(const std::string &tree,
                            const std::vector<std::filesystem::path> &patches);

  // What `tree` is with changes, in this order. Errors: kUsage for one that does not fit.
  Result<std::string> change(const std::string &tree, const std::vector<SourceChange> &changes);

  // Makes the folder's source() the same as `tree`. Files that are the same already are not
  // touched.
  Result<> check_out(const std::string &tree);

 private:
  Result<> make_edits(const std::string &file, const std::vector<SourceEdit> &edits);
  SourceSnapshots(const BuildFolder &folder, std::string git, Tick tick)
      : folder_(folder), git_(std::move(git)), tick_(std::move(tick)) {}
  Result<ToolRun> run(const std::filesystem::path &worktree, const std::string &index,
                      const std::vector<std::string> &arguments) const;
  // As run(), of what has to succeed; returns what it printed, without the newline.
  Result<std::string> git(const std::filesystem::path &worktree, const std::string &index,
                          const std::vector<std::string> &arguments) const;
  Result<std::string> try_to_take(const std::filesystem::path &source);
  Result<> begin_with_head(const std::filesystem::path &source);

  const BuildFolder &folder_;
  std::string git_;
  Tick tick_;
};

}  // namespace sklab
