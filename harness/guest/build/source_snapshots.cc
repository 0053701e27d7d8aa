// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/guest/build/source_snapshots.h"

#include <fmt/format.h>

#include <map>
#include <optional>

#include "harness/base/file.h"
#include "harness/base/lines.h"

namespace sklab {
namespace {

namespace fs = std::filesystem;

constexpr double kLimitS = 1200;  // of a whole kernel from a slow disk

// Index files: what `git add` knows of the user's tree, what patches are put on, and what is
// checked out.
constexpr char kSourceIndex[] = "source.index";
constexpr char kPatchedIndex[] = "patched.index";
constexpr char kCopyIndex[] = "copy.index";

std::string without_newline(std::string text) {
  while (text.ends_with('\n')) text.pop_back();
  return text;
}

// What git says is wrong; what it says besides is how to be helped.
std::string git_reason(const std::string &errors) {
  std::string_view rest = errors;
  for (std::string_view line; !rest.empty();) {
    line = take_line(rest);
    for (const std::string_view mark : {"error: ", "fatal: "}) {
      if (line.starts_with(mark)) return std::string(line.substr(mark.size()));
    }
  }
  return without_newline(errors);
}

bool has_been_built_in(const fs::path &source) {
  std::error_code ignored;
  return fs::exists(source / ".config", ignored) || fs::exists(source / "include/config", ignored);
}

}  // namespace

Result<ToolRun> SourceSnapshots::run(const fs::path &worktree, const std::string &index,
                                     const std::vector<std::string> &arguments) const {
  // All objects in one pack, instead of ninety thousand files.
  ChildCommand command{
      {git_, "-c", "core.bigFileThreshold=1", "-c", "core.compression=1", "-c", "gc.auto=0"}, {}};
  command.arguments.insert(command.arguments.end(), arguments.begin(), arguments.end());
  // The user's settings are for the user's repositories.
  command.environment = {{"GIT_DIR", folder_.snapshots().string()},
                         {"GIT_WORK_TREE", worktree.string()},
                         {"GIT_INDEX_FILE", (folder_.snapshots() / index).string()},
                         {"GIT_CONFIG_GLOBAL", "/dev/null"},
                         {"GIT_CONFIG_NOSYSTEM", "1"}};
  command.folder = worktree.string();
  return run_tool(command, kLimitS, tick_);
}

Result<std::string> SourceSnapshots::git(const fs::path &worktree, const std::string &index,
                                         const std::vector<std::string> &arguments) const {
  SKLAB_TRY(ToolRun run, this->run(worktree, index, arguments));
  if (run.exit_code == 0) return without_newline(std::move(run.output));
  return fail("keep a snapshot of", worktree.string(), 0, git_reason(run.errors));
}

Result<SourceSnapshots> SourceSnapshots::open(const BuildFolder &folder, Tick tick) {
  SKLAB_TRY(std::string program, find_program("git", "git"));
  SourceSnapshots snapshots(folder, std::move(program), std::move(tick));
  std::error_code error;
  fs::create_directories(folder.source(), error);
  if (error) return fail("make folder", folder.source().string(), error.value());
  SKLAB_TRY(
      const ToolRun made,
      run_tool({{snapshots.git_, "init", "--quiet", "--bare", folder.snapshots().string()},
                {{"GIT_DIR", folder.snapshots().string()}, {"GIT_CONFIG_GLOBAL", "/dev/null"}}},
               kLimitS, snapshots.tick_));
  if (made.exit_code != 0) {
    return fail("make a repository in", folder.snapshots().string(), 0, git_reason(made.errors));
  }
  // What a killed process left: the folder is this one's alone.
  for (const char *index : {kSourceIndex, kPatchedIndex, kCopyIndex}) {
    fs::remove(folder.snapshots() / (std::string(index) + ".lock"), error);
  }
  return snapshots;
}

// With the files that git knows though its rules would ignore them, and without hashing objects
// that the user's repository has.
Result<> SourceSnapshots::begin_with_head(const fs::path &source) {
  const std::vector<std::string> ask = {
      git_, "-c", "safe.directory=*", "-C", source.string(), "rev-parse", "--path-format=absolute"};
  auto question = ask;
  question.insert(question.end(), {"--git-common-dir", "HEAD^{tree}"});
  SKLAB_TRY(const ToolRun run, run_tool({question, {}}, kLimitS, tick_));
  if (run.exit_code != 0) return Ok{};  // without a commit everything is new
  std::string_view answers = run.output;
  const std::string objects = std::string(take_line(answers)) + "/objects";
  const std::string head(take_line(answers));
  SKLAB_CHECK(
      write_file_atomically(folder_.snapshots() / "objects/info/alternates", objects + "\n"));
  std::error_code ignored;
  if (fs::exists(folder_.snapshots() / kSourceIndex, ignored)) return Ok{};
  SKLAB_CHECK(git(source, kSourceIndex, {"read-tree", head}));
  return Ok{};
}

Result<std::string> SourceSnapshots::take(const fs::path &source) {
  auto tree = try_to_take(source);
  std::error_code ignored;
  if (tree || tree.error().kind == ErrorKind::kUsage ||
      !fs::remove(folder_.snapshots() / kSourceIndex, ignored)) {
    return tree;
  }
  // What was borrowed from the user's repository may be there no more.
  return try_to_take(source);
}

Result<std::string> SourceSnapshots::try_to_take(const fs::path &source) {
  std::error_code ignored;
  std::vector<std::string> add = {"add", "--all"};
  if (fs::exists(source / ".git", ignored)) {
    SKLAB_CHECK(begin_with_head(source));
  } else if (has_been_built_in(source)) {
    return fail_as(ErrorKind::kUsage, "take the source of", source.string(), 0,
                   "it has been built in, and has no git that tells its files from what make made: "
                   "run `make mrproper` in it");
  } else {
    add.emplace_back("--force");
  }
  add.emplace_back(".");
  SKLAB_CHECK(git(source, kSourceIndex, add));
  return git(source, kSourceIndex, {"write-tree"});
}

Result<std::string> SourceSnapshots::apply(const std::string &tree,
                                           const std::vector<fs::path> &patches) {
  if (patches.empty()) return tree;
  SKLAB_CHECK(git(folder_.source(), kPatchedIndex, {"read-tree", tree}));
  for (const fs::path &patch : patches) {
    SKLAB_TRY(const ToolRun run, this->run(folder_.source(), kPatchedIndex,
                                           {"apply", "--cached", "--whitespace=nowarn",
                                            fs::absolute(patch).string()}));
    if (run.exit_code != 0) {
      return fail_as(ErrorKind::kUsage, "apply patch", patch.string(), 0, git_reason(run.errors));
    }
  }
  return git(folder_.source(), kPatchedIndex, {"write-tree"});
}

// In the index of patched sources.
Result<> SourceSnapshots::make_edits(const std::string &file,
                                     const std::vector<SourceEdit> &edits) {
  const fs::path scratch = folder_.path() / "edited";
  SKLAB_TRY(const ToolRun shown, run(folder_.source(), kPatchedIndex, {"show", ":" + file}));
  if (shown.exit_code != 0) {
    return fail_as(ErrorKind::kUsage, "change", file, 0, git_reason(shown.errors));
  }
  SKLAB_TRY(const std::string text, edited(shown.output, edits));
  SKLAB_CHECK(write_file_atomically(scratch, text));
  SKLAB_TRY(const std::string blob, git(folder_.source(), kPatchedIndex,
                                        {"hash-object", "-w", "--no-filters", scratch.string()}));
  SKLAB_CHECK(git(folder_.source(), kPatchedIndex,
                  {"update-index", "--cacheinfo", "100644," + blob + "," + file}));
  return Ok{};
}

Result<std::string> SourceSnapshots::change(const std::string &tree,
                                            const std::vector<SourceChange> &changes) {
  if (changes.empty()) return tree;
  SKLAB_CHECK(git(folder_.source(), kPatchedIndex, {"read-tree", tree}));
  for (const SourceChange &change : changes) {
    std::map<std::string, std::vector<SourceEdit>> files;
    for (const SourceEdit &edit : change.edits) files[edit.file].push_back(edit);
    for (const auto &[file, edits] : files) SKLAB_CHECK(make_edits(file, edits));
  }
  return git(folder_.source(), kPatchedIndex, {"write-tree"});
}

Result<> SourceSnapshots::check_out(const std::string &tree) {
  SKLAB_CHECK(git(folder_.source(), kCopyIndex, {"read-tree", "--reset", "-u", tree}));
  return Ok{};
}

}  // namespace sklab
