// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <sys/types.h>

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "harness/base/result.h"
#include "harness/base/unique_fd.h"

namespace sklab {

// As shells show it: the exit code of a process that a signal killed is this plus the signal.
inline constexpr int kSignalExitCodes = 128;

struct ChildCommand {
  std::vector<std::string> arguments;              // the first is the program's path
  std::map<std::string, std::string> environment;  // set besides what this process has
  int inherited_fd = -1;                           // stays open under its number; -1 for none
  bool errors_apart = false;  // stderr is to be read by read_errors(), not with the output
  std::string folder = {};    // to run it in; "" for this process's
};

// A program that runs beside this one, as leader of a process group of its own: Ctrl-C on the
// terminal does not reach it. It is killed when this process ends, however that happens.
class ChildProcess {
 public:
  // To be called while there is one thread. Errors: no process, no memory. A program that cannot be
  // executed says so in its output and ends with 127.
  static Result<ChildProcess> start(const ChildCommand &command);
  ChildProcess(ChildProcess &&other) noexcept;
  ChildProcess &operator=(ChildProcess &&) = delete;
  // Kills its group, and waits for it.
  ~ChildProcess();

  // What it writes to stdout, and to stderr unless that is apart; borrowed, non-blocking.
  [[nodiscard]] int output_fd() const { return output_.get(); }
  [[nodiscard]] int errors_fd() const { return errors_.get(); }
  // What it has written since the last call, up to a megabyte or so.
  std::string read_output() { return read_from(output_); }
  std::string read_errors() { return read_from(errors_); }

  // To all of its group.
  void signal(int signal_number) const;

  // What it has taken of CPUs so far; 0 once it has ended.
  [[nodiscard]] double cpu_s() const;

  // Its exit code, or kSignalExitCodes + the signal that killed it; none while it runs.
  std::optional<int> exit_code();

 private:
  ChildProcess(pid_t pid, UniqueFd output, UniqueFd errors)
      : pid_(pid), output_(std::move(output)), errors_(std::move(errors)) {}
  static std::string read_from(const UniqueFd &stream);

  pid_t pid_;
  UniqueFd output_;
  UniqueFd errors_;  // none if it is not apart
  std::optional<int> exit_code_;
};

// Runs a command to its end, at most `limit_s`, and returns what it wrote. Errors: those of
// start(); a command that fails or takes longer.
Result<std::string> output_of(const ChildCommand &command, double limit_s);

// Where a program is, by the folders of PATH. Errors: kUnavailable, with the package to install.
Result<std::string> find_program(const std::string &name, const std::string &package);

}  // namespace sklab
