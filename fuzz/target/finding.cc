// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/target/finding.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <vector>

#include "harness/base/file.h"
#include "harness/base/lines.h"
#include "harness/record/digest.h"

namespace sklab {
namespace {

std::string how_to_repeat(const Finding &finding, const FindingOrigin &origin) {
  std::string text;
  for (const std::string &command : finding.repeat) text += "  " + command + "\n";
  if (!text.empty()) return text;
  // The scenario holds on the kernel that it was found on, unless it is the rules that are wrong.
  if (!finding.scenario_file.empty()) {
    text += fmt::format("  sklab replay {}\n", finding.scenario_file);
  }
  const std::string mutant =
      origin.rules == kKernelRules ? "" : fmt::format("SKLAB_MODEL_MUTANT='{}' ", origin.rules);
  text += fmt::format("  {}SKLAB_FINDINGS=/tmp/findings {} input\n", mutant, origin.target);
  if (finding.files.contains("reproducer.c")) {
    text += "  cc -o reproducer reproducer.c -lbpf && sudo ./reproducer\n";
  }
  return text;
}

std::string for_people(const Finding &finding, const FindingOrigin &origin,
                       const std::string &kernel_log) {
  const Fingerprint &machine = origin.fingerprint;
  return fmt::format(
      "{}\n\n{}\nAgain, in this folder:\n{}\n"
      "Target:  {}\nRules:   {}\nKernel:  {} {}\nConfig:  sha256 {}\nMachine: {}, {}\n"
      "sklab:   {}, {}\n\nKernel log since the fuzzer began:\n{}",
      finding.signature, side_by_side(finding.expected, finding.actual),
      how_to_repeat(finding, origin), origin.target, origin.rules, machine.kernel_release,
      machine.kernel_version, machine.kernel_config_sha256, machine.architecture, machine.cpu_model,
      machine.sklab_version, machine.compiler, kernel_log.empty() ? "(nothing)\n" : kernel_log);
}

std::string for_tools(const Finding &finding, const FindingOrigin &origin) {
  const Fingerprint &machine = origin.fingerprint;
  const nlohmann::ordered_json json = {{"schema_version", 1},
                                       {"target", origin.target},
                                       {"rules", origin.rules},
                                       {"signature", finding.signature},
                                       {"expected", split_lines(finding.expected)},
                                       {"actual", split_lines(finding.actual)},
                                       {"scenario_file", finding.scenario_file},
                                       {"kernel_release", machine.kernel_release},
                                       {"kernel_version", machine.kernel_version},
                                       {"kernel_config_sha256", machine.kernel_config_sha256},
                                       {"kernel_btf_sha256", machine.kernel_btf_sha256},
                                       {"sklab_version", machine.sklab_version}};
  return json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace

std::string side_by_side(const std::string &expected, const std::string &actual) {
  const std::vector<std::string_view> left = split_lines(expected);
  const std::vector<std::string_view> right = split_lines(actual);
  size_t width = std::string_view("by the rules").size();
  for (const std::string_view line : left) width = std::max(width, line.size());
  std::string text = fmt::format("  {:<{}}  by the kernel\n", "by the rules", width);
  for (size_t i = 0; i < std::max(left.size(), right.size()); ++i) {
    const std::string_view a = i < left.size() ? left[i] : "";
    const std::string_view b = i < right.size() ? right[i] : "";
    text += fmt::format("{} {:<{}}  {}\n", a == b ? ' ' : '!', a, width, b);
  }
  return text;
}

std::filesystem::path FindingFolder::path_of(const Finding &finding) const {
  constexpr size_t kDigits = 12;
  return folder_ /
         fmt::format("{}-{}", origin_.target, sha256_hex(finding.signature).substr(0, kDigits));
}

bool FindingFolder::has(const Finding &finding) const {
  std::error_code error;
  return std::filesystem::exists(path_of(finding), error);
}

Result<std::filesystem::path> FindingFolder::add(const Finding &finding,
                                                 std::span<const uint8_t> input,
                                                 const std::string &kernel_log) const {
  const std::filesystem::path path = path_of(finding);
  const std::filesystem::path unfinished =
      folder_ / fmt::format(".{}.{}", path.filename().string(), ::getpid());
  std::error_code error;
  std::filesystem::create_directories(unfinished, error);
  if (error) return fail("create folder", unfinished, error.value());
  std::map<std::string, std::string> files = finding.files;
  files["input"] = std::string(input.begin(), input.end());
  files["finding.txt"] = for_people(finding, origin_, kernel_log);
  files["finding.json"] = for_tools(finding, origin_);
  for (const auto &[name, content] : files) {
    SKLAB_CHECK(write_file_atomically(unfinished / name, content));
  }
  // Another job may have found the same in the meantime: its folder is as good.
  if (::rename(unfinished.c_str(), path.c_str()) != 0) {
    const int error_number = errno;
    std::filesystem::remove_all(unfinished, error);
    if (!has(finding)) return fail("rename to", path, error_number);
  }
  return path;
}

}  // namespace sklab
