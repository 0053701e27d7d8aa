// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// The kernel's own build system, with a log.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/child_process.h"
#include "harness/base/result.h"
#include "harness/guest/build/build_folder.h"
#include "harness/guest/kernels/tool_run.h"

namespace sklab {

class KernelMake {
 public:
  // `variables` are the user's, as make takes them: "LLVM=1". Begins the folder's log. Errors:
  // kUnavailable for a tool that is missing.
  static Result<KernelMake> create(const BuildFolder &folder, unsigned jobs,
                                   std::vector<std::string> variables, Progressing progress);

  // Makes a target, with `environment` besides this process's. Errors: kUsage for a source that
  // does not build, with the first error and the log's place; an interrupt.
  Result<> make(const std::string &target,
                const std::map<std::string, std::string> &environment = {});

 private:
  KernelMake(const BuildFolder &folder, std::vector<std::string> arguments, Progressing progress)
      : folder_(folder), arguments_(std::move(arguments)), progress_(std::move(progress)) {}
  // Runs it to its end; its exit code. All that it prints goes to `output` and the log.
  Result<int> run(const ChildCommand &command, std::string &output) const;

  const BuildFolder &folder_;
  std::vector<std::string> arguments_;  // all but the target
  Progressing progress_;
};

// Of what make printed the line that says what is wrong, without `folder` before its path.
std::string first_build_error(std::string_view output, const std::string &folder);

// Of what make printed last what it was doing: "CC net/ipv4/udp.o"; "" for something else.
std::string build_step(std::string_view output);

}  // namespace sklab
