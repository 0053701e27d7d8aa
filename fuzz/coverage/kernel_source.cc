// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/coverage/kernel_source.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "harness/base/child_process.h"
#include "harness/base/file.h"

namespace sklab {
namespace {

namespace fs = std::filesystem;

constexpr double kLimitS = 60;

// The tree that it was built of (harness/guest/kernels/kernel_record.h); "" if that is not known.
std::string tree_of(const GuestKernel &kernel) {
  const auto text = read_file(kernel.image.parent_path() / "kernel.json");
  if (!text) return "";
  const auto json = nlohmann::json::parse(*text, nullptr, false);
  const auto origin =
      json.is_object() ? json.value("origin", nlohmann::json::object()) : nlohmann::json::object();
  return origin.value("kind", "") == "built" ? origin.value("package_version", "") : "";
}

}  // namespace

Result<std::string> kernel_source(const GuestKernel &kernel, const std::string &file) {
  constexpr std::string_view kSource = "/source/";
  const size_t top = file.rfind(kSource);
  const std::string tree = tree_of(kernel);
  if (top == std::string::npos || tree.empty()) return read_file(file);
  const fs::path snapshots = fs::path(file.substr(0, top)) / "snapshots.git";
  SKLAB_TRY(const std::string git, find_program("git", "git"));
  return output_of({{git, "--git-dir=" + snapshots.string(), "show",
                     fmt::format("{}:{}", tree, file.substr(top + kSource.size()))},
                    {}},
                   kLimitS);
}

}  // namespace sklab
