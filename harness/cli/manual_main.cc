// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Writes the man pages and completion scripts of sklab into a folder, laid out as below
// PREFIX/share. A program of its own that only the build runs, so that sklab has no command nobody
// is to use.
#include <cstdio>
#include <filesystem>

#include "harness/base/file.h"
#include "harness/cli/parser.h"
#include "harness/cli/report_error.h"
#include "harness/manual/completion.h"
#include "harness/manual/man_page.h"
#include "sklab/version.h"

namespace sklab {
namespace {

namespace fs = std::filesystem;

Result<> write(const fs::path &file, const std::string &text) {
  std::error_code error;
  fs::create_directories(file.parent_path(), error);
  if (error) return fail("make folder", file.parent_path().string(), error.value());
  return write_file_atomically(file, text);
}

Result<> write_manual(const fs::path &folder) {
  const Parser parser = make_parser(kSklabVersion, "");
  const CommandHelp root = describe_command(*parser.app);
  const ManEdition edition{kSklabDate, std::string("sklab ") + kSklabVersion};
  for (const CommandHelp *command : with_subcommands(root)) {
    SKLAB_CHECK(write(folder / "man/man1" / (join_words(*command, "-") + ".1"),
                      man_page(*command, root, edition)));
  }
  SKLAB_CHECK(write(folder / "bash-completion/completions/sklab", bash_completion(root)));
  SKLAB_CHECK(write(folder / "zsh/site-functions/_sklab", zsh_completion(root)));
  return write(folder / "fish/vendor_completions.d/sklab.fish", fish_completion(root));
}

}  // namespace
}  // namespace sklab

int main(int argc, char **argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: sklab_manual FOLDER\n");
    return static_cast<int>(sklab::ExitCode::kUsage);
  }
  const auto written = sklab::write_manual(argv[1]);
  return static_cast<int>(written ? sklab::ExitCode::kOk : sklab::report_error(written.error()));
}
