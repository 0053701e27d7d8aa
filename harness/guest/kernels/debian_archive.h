// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// Debian's package archive, as far as it has kernels.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "harness/base/result.h"
#include "harness/guest/kernels/apt.h"
#include "harness/guest/kernels/debian_index.h"
#include "harness/guest/kernels/tool_run.h"

namespace sklab {

// Below what DebianArchive::unpack() is given: what the archive's signatures vouch for, and modules
// that are to be trusted only by the signatures of their own.
inline constexpr char kListedFolder[] = "listed";
inline constexpr char kUnlistedFolder[] = "unlisted";

// Where in the cache of kernels apt's lists are kept.
inline constexpr char kDebianFolder[] = ".debian";

class DebianArchive {
 public:
  // Keeps what it knows in `folder`; one process at a time. Errors: those of Apt::open().
  static Result<DebianArchive> open(std::filesystem::path folder, Progressing progress);

  // The newest kernel that `spec` fits, by lists that are at most a day old, and by newer ones if
  // there is none in them. Older ones do if these cannot be had: see trouble(). Errors:
  // kUnavailable if there is none in them, either; kUsage for no such kernel.
  Result<DebianKernel> find(const std::string &spec);

  // Why the lists are older than a day, or not complete; "" if they are neither.
  [[nodiscard]] const std::string &trouble() const { return trouble_; }

  // Downloads a kernel's packages, and unpacks them below `into`. Errors: kUnavailable if they
  // cannot be had, now; whatever a full disk reports.
  Result<> unpack(const DebianKernel &kernel, const std::filesystem::path &into);

 private:
  DebianArchive(Apt apt, std::string dpkg_deb, Progressing progress)
      : apt_(std::move(apt)), dpkg_deb_(std::move(dpkg_deb)), progress_(std::move(progress)) {}
  [[nodiscard]] Tick telling(std::string what) const;
  Result<> update();
  Result<> read_index();
  Result<> unpack_all(const DebianKernel &kernel, const std::filesystem::path &folder);

  Apt apt_;
  std::string dpkg_deb_;
  Progressing progress_;
  std::vector<DebianKernel> kernels_;
  bool updated_ = false;  // by this process, or tried
  std::string trouble_;
};

}  // namespace sklab
