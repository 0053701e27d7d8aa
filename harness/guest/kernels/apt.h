// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// apt with lists and a cache of its own: what the host's apt knows and does is neither used nor
// changed, but for how it reaches the network.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "harness/base/result.h"
#include "harness/guest/kernels/tool_run.h"

namespace sklab {

class Apt {
 public:
  // Keeps everything in `folder`; one process at a time. Errors: kUnavailable without apt; a folder
  // that cannot be written.
  static Result<Apt> open(std::filesystem::path folder);

  // Whether the lists are of the mirror that is configured, and at most a day old.
  [[nodiscard]] bool lists_are_recent() const;
  // Errors: kUnavailable if they cannot all be had.
  Result<> update(const Tick &tick);

  // What the lists say of packages whose names fit a shell's pattern, one paragraph each; "" for
  // none.
  Result<std::string> show(const std::string &pattern, const Tick &tick);

  // Packages in one version, into a folder, by their hashes in the lists. Errors: kUnavailable if
  // they cannot be had, now; whatever a full disk reports.
  Result<> download(const std::vector<std::string> &packages, const std::string &version,
                    const std::filesystem::path &into, const Tick &tick);
  // A file of the mirror, of which nothing is known. Errors: as download().
  Result<> download_file(const std::string &path, const std::filesystem::path &to,
                         const Tick &tick);

 private:
  explicit Apt(std::filesystem::path folder) : folder_(std::move(folder)) {}
  [[nodiscard]] std::vector<std::string> command(const std::string &program) const;
  Result<> write_configuration();

  std::filesystem::path folder_;
  std::string apt_get_;
  std::string apt_cache_;
  std::string apt_helper_;
};

// The line of messages of apt or dpkg that says most.
std::string tool_reason(const std::string &errors);

// The suites of `mirror` that have kernels, as sources.list(5) describes them.
std::string debian_sources(const std::string &mirror);

}  // namespace sklab
