// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/campaign/fuzzers.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "harness/base/child_process.h"

namespace sklab {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kProgramSuffix = "_fuzzer";
constexpr double kMostInfoSeconds = 20;

// build/PRESET/harness/cli/sklab has build/PRESET/fuzz, PREFIX/bin/sklab has PREFIX/libexec/sklab.
// A folder that is ours alone: whatever else is named _fuzzer somewhere is not to be started.
std::vector<fs::path> usual_folders() {
  std::error_code error;
  const fs::path own = fs::read_symlink("/proc/self/exe", error).parent_path();
  return {(own / "../../fuzz").lexically_normal(), (own / "../libexec/sklab").lexically_normal()};
}

std::vector<fs::path> programs_in(const fs::path &folder) {
  std::vector<fs::path> programs;
  std::error_code error;
  for (const auto &entry : fs::directory_iterator(folder, error)) {
    if (!entry.path().filename().string().ends_with(kProgramSuffix)) continue;
    if (!entry.is_regular_file(error) || ::access(entry.path().c_str(), X_OK) != 0) continue;
    programs.push_back(fs::absolute(entry.path()));
  }
  std::sort(programs.begin(), programs.end());
  return programs;
}

Result<Fuzzer> describe(const fs::path &program) {
  SKLAB_TRY(const std::string info,
            output_of({{program.string(), "--info"}, {}, -1}, kMostInfoSeconds));
  auto fuzzer = parse_fuzzer_info(info);
  if (!fuzzer) fuzzer.error().object = program.string();
  SKLAB_CHECK(fuzzer);
  fuzzer->program = program;
  std::error_code error;
  const fs::path base = program.parent_path() / fuzzer->name;
  if (const fs::path file = base.string() + ".dict"; fs::exists(file, error)) {
    fuzzer->dictionary = file;
  }
  if (const fs::path folder = base.string() + "_seed_corpus"; fs::is_directory(folder, error)) {
    fuzzer->seeds = folder;
  }
  return fuzzer;
}

}  // namespace

Result<Fuzzer> parse_fuzzer_info(const std::string &text) {
  const auto json = nlohmann::json::parse(text, nullptr, false);
  try {
    return Fuzzer{.name = json.at("name"),
                  .program = {},
                  .dictionary = {},
                  .seeds = {},
                  .needs_kernel = json.at("needs_kernel"),
                  .input_version = json.at("input_version"),
                  .most_input_bytes = json.at("most_input_bytes"),
                  .record_bytes = std::max(json.at("record_bytes").get<size_t>(), size_t{1})};
  } catch (const nlohmann::json::exception &) {
    return fail("read what a fuzzer says about itself", {}, 0, "is it of another version?");
  }
}

Result<std::vector<Fuzzer>> find_fuzzers(const fs::path &folder) {
  const std::vector<fs::path> folders = folder.empty() ? usual_folders() : std::vector{folder};
  std::vector<Fuzzer> fuzzers;
  std::string where;
  for (const fs::path &one : folders) {
    where += (where.empty() ? "" : " or ") + one.string();
    for (const fs::path &program : programs_in(one)) {
      SKLAB_TRY(Fuzzer fuzzer, describe(program));
      fuzzers.push_back(std::move(fuzzer));
    }
    if (!fuzzers.empty()) return fuzzers;
  }
  return fail_as(ErrorKind::kUnavailable, "find fuzzers in", where, 0,
                 "they need clang: run scripts/fuzz, or build the preset fuzz");
}

Result<std::vector<Fuzzer>> select_fuzzers(std::vector<Fuzzer> fuzzers,
                                           const std::vector<std::string> &names) {
  if (names.empty()) return fuzzers;
  std::vector<Fuzzer> selected;
  for (const std::string &name : names) {
    const auto found = std::find_if(fuzzers.begin(), fuzzers.end(),
                                    [&](const Fuzzer &one) { return one.name == name; });
    if (found == fuzzers.end()) {
      return fail_as(ErrorKind::kUsage, "find the target", name, 0,
                     "`sklab fuzz --list` shows all");
    }
    selected.push_back(*found);
  }
  return selected;
}

}  // namespace sklab
