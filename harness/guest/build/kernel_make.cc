// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/guest/build/kernel_make.h"

#include <fmt/format.h>
#include <poll.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include "harness/base/file.h"
#include "harness/base/lines.h"
#include "harness/measure/interrupt.h"

namespace sklab {
namespace {

namespace fs = std::filesystem;

constexpr int kTickMs = 100;

struct Tool {
  const char *name;
  const char *package;
};
// What make does not say clearly enough, or only after minutes. Compilers and linkers may be
// others.
constexpr std::array kTools = {Tool{"make", "make"},      Tool{"flex", "flex"},
                               Tool{"bison", "bison"},    Tool{"bc", "bc"},
                               Tool{"pahole", "dwarves"}, Tool{"gcc", "gcc"}};

// The same source makes the same kernel, whoever builds it, where and when. The clock of the guests
// begins later.
constexpr std::array kReproducible = {"KBUILD_BUILD_TIMESTAMP=2020-01-01 00:00:00 +0000",
                                      "KBUILD_BUILD_USER=sklab", "KBUILD_BUILD_HOST=sklab",
                                      "KBUILD_BUILD_VERSION=1", "LOCALVERSION="};

// Without what every path in a build's messages begins with.
std::string without_folder(std::string_view line, const std::string &folder) {
  std::string text(line);
  for (const std::string &prefix : {folder + "/", std::string("../source/")}) {
    const size_t found = text.find(prefix);
    if (found != std::string::npos) text.erase(found, prefix.size());
  }
  return text;
}

}  // namespace

std::string first_build_error(std::string_view output, const std::string &folder) {
  // Compilers and linkers name the place; make only repeats what failed.
  for (const std::string_view mark :
       {"error: ", "undefined reference", "ERROR: ", "fatal error", "*** ", "not found"}) {
    for (std::string_view rest = output; !rest.empty();) {
      const std::string_view line = take_line(rest);
      if (line.find(mark) != std::string_view::npos) return without_folder(line, folder);
    }
  }
  return "make says nothing of it";
}

std::string build_step(std::string_view output) {
  constexpr std::string_view kIndent = "  ";
  const size_t last = output.substr(0, output.rfind('\n')).rfind('\n');
  if (last != std::string_view::npos) output.remove_prefix(last + 1);
  std::string_view line = take_line(output);
  if (!line.starts_with(kIndent)) return "";
  line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
  const std::string_view action = line.substr(0, line.find(' '));
  line.remove_prefix(action.size());
  line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
  return fmt::format("{} {}", action, line);
}

Result<KernelMake> KernelMake::create(const BuildFolder &folder, unsigned jobs,
                                      std::vector<std::string> variables, Progressing progress) {
  std::vector<std::string> arguments;
  for (const Tool &tool : kTools) {
    SKLAB_TRY(std::string path, find_program(tool.name, tool.package));
    if (arguments.empty()) arguments.push_back(std::move(path));
  }
  std::error_code error;
  fs::create_directories(folder.objects(), error);
  if (error) return fail("make folder", folder.objects().string(), error.value());
  SKLAB_CHECK(write_file_atomically(folder.log(), ""));
  for (std::string more :
       {std::string("-C"), folder.source().string(), "O=" + folder.objects().string(),
        fmt::format("-j{}", jobs), std::string("ARCH=x86_64")}) {
    arguments.push_back(std::move(more));
  }
  arguments.insert(arguments.end(), kReproducible.begin(), kReproducible.end());
  for (std::string &variable : variables) arguments.push_back(std::move(variable));
  return KernelMake(folder, std::move(arguments), std::move(progress));
}

Result<int> KernelMake::run(const ChildCommand &command, std::string &output) const {
  SKLAB_TRY(ChildProcess child, ChildProcess::start(command));
  std::string step;
  for (std::optional<int> code; !code;) {
    // Asked before reading, so that what was written before the end is read.
    code = child.exit_code();
    pollfd stream{child.output_fd(), POLLIN, 0};
    if (!code) ::poll(&stream, 1, kTickMs);
    const std::string more = child.read_output();
    if ((stream.revents & POLLHUP) != 0 && more.empty()) ::poll(nullptr, 0, kTickMs);
    if (!more.empty()) SKLAB_CHECK(append_to_file(folder_.log(), more));
    output += more;
    if (std::string now = build_step(output); !now.empty()) step = std::move(now);
    progress_(step.empty() ? "making " + command.arguments.back() : step);
    if (interrupted()) return fail("build", folder_.source().string(), EINTR);
    if (code) return *code;
  }
  return 0;
}

Result<> KernelMake::make(const std::string &target,
                          const std::map<std::string, std::string> &environment) {
  ChildCommand command{arguments_, environment};
  command.arguments.push_back(target);
  // A user's own settings of make, and languages, are not what errors are looked for in.
  command.environment["MAKEFLAGS"] = "";
  command.environment["LC_ALL"] = "C";
  std::string output;
  SKLAB_TRY(const int code, run(command, output));
  if (code == 0) return Ok{};
  return fail_as(ErrorKind::kUsage, "build", target, 0,
                 fmt::format("{}; log: {}", first_build_error(output, folder_.source().string()),
                             folder_.log().string()));
}

}  // namespace sklab
