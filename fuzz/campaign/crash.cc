// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/campaign/crash.h"

#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>
#include <vector>

#include "fuzz/target/journal.h"
#include "harness/base/file.h"

namespace sklab {
namespace {

constexpr size_t kMostFrames = 3;

// What libFuzzer names the files after that it keeps; inputs that were only slow are none of them.
constexpr const char *kKinds[] = {"crash", "leak", "timeout", "oom"};

// "#1 0x55d0 in sklab::f(int) /src/f.cc:3:1" is sklab::f.
std::vector<std::string> own_frames(const std::deque<std::string> &lines) {
  static const RE2 kFrame(R"(^ *#\d+ 0x[0-9a-f]+ in (sklab::[^ (]+))");
  static const RE2 kUnnamed(R"(\(anonymous namespace\)::)");
  std::vector<std::string> frames;
  for (std::string line : lines) {
    RE2::GlobalReplace(&line, kUnnamed, "");
    std::string function;
    if (!RE2::PartialMatch(line, kFrame, &function)) continue;
    if (frames.empty() || frames.back() != function) frames.push_back(function);
    if (frames.size() == kMostFrames) break;
  }
  return frames;
}

// Two crashes of a kind differ in these only.
std::string without_values(std::string text) {
  static const RE2 kAddress("0x[0-9a-f]+");
  static const RE2 kFolders("(/[^/ ]+)+/");
  static const RE2 kNumber("[0-9]+");
  RE2::GlobalReplace(&text, kAddress, "ADDRESS");
  RE2::GlobalReplace(&text, kFolders, "");
  RE2::GlobalReplace(&text, kNumber, "N");
  return text;
}

std::string kind_of(const std::deque<std::string> &lines, int exit_code) {
  constexpr std::string_view kSummary = "SUMMARY: ";
  for (const std::string_view words : {"runtime error: ", "Assertion `", "  what():  "}) {
    for (const std::string &line : lines) {
      const size_t place = line.find(words);
      if (place != std::string::npos) return without_values(line.substr(place));
    }
  }
  for (const std::string &line : lines) {
    if (line.starts_with(kSummary)) return without_values(line.substr(kSummary.size()));
  }
  return fmt::format("ended with exit code {}", exit_code);
}

std::string joined(const std::deque<std::string> &lines) {
  std::string text;
  for (const std::string &line : lines) text += line + "\n";
  return text;
}

}  // namespace

std::string crash_signature(const std::deque<std::string> &last_lines, int exit_code) {
  const std::vector<std::string> frames = own_frames(last_lines);
  return fmt::format("the fuzzer crashed: {}{}{}", kind_of(last_lines, exit_code),
                     frames.empty() ? "" : " in ", fmt::join(frames, " < "));
}

Finding describe_crash(const std::deque<std::string> &last_lines, int exit_code) {
  const std::string signature = crash_signature(last_lines, exit_code);
  return {
      signature, "the fuzzer runs on\n", signature + "\n", {{"log.txt", joined(last_lines)}}, ""};
}

std::optional<std::string> crash_input(const std::filesystem::path &scratch,
                                       const std::string &worker,
                                       const std::filesystem::path &journal) {
  std::error_code error;
  for (const auto &entry : std::filesystem::directory_iterator(scratch, error)) {
    const std::string name = entry.path().filename();
    const bool is_kept = std::any_of(std::begin(kKinds), std::end(kKinds), [&](const char *kind) {
      return name.starts_with(worker + "." + kind + "-");
    });
    if (!is_kept) continue;
    if (const auto content = read_file(entry.path())) return *content;
  }
  const auto entries = read_journal(journal);
  if (!entries || entries->empty()) return std::nullopt;
  return entries->back().input;
}

void clear_crash_inputs(const std::filesystem::path &scratch, const std::string &worker) {
  std::vector<std::filesystem::path> kept;
  std::error_code ignored;
  for (const auto &entry : std::filesystem::directory_iterator(scratch, ignored)) {
    if (entry.path().filename().string().starts_with(worker + ".")) kept.push_back(entry.path());
  }
  for (const auto &path : kept) std::filesystem::remove(path, ignored);
}

}  // namespace sklab
