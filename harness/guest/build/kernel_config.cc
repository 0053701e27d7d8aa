// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/guest/build/kernel_config.h"

#include <fmt/format.h>

#include <map>
#include <optional>

#include "config_fragments.h"
#include "harness/base/file.h"
#include "harness/base/lines.h"

namespace sklab {
namespace {

constexpr std::string_view kOff = "n";

// The kernel's scripts/Makefile.lib knows objects by their names alone, in whichever folder.
constexpr std::array kHookObjects = {"filter",        "inet6_hashtables", "inet_hashtables",
                                     "net_namespace", "sock_map",         "sock_reuseport",
                                     "syscall",       "test_run",         "udp"};

// Variants that are of these objects, and what make is told besides.
struct ObjectVariant {
  const char *name;
  const char *object_switch;  // before the object's name
  const char *besides;        // what else make has to be told
};
// KCSAN would spend its time in the verifier, whose data are of one thread.
constexpr std::array kObjectVariants = {
    ObjectVariant{"kcov", "KCOV_INSTRUMENT_", "KCOV_INSTRUMENT_verifier.o=y"},
    ObjectVariant{"kcsan", "KCSAN_SANITIZE_", "KCSAN_SANITIZE=n"},
};

std::string_view fragment(std::string_view name) {
  const std::string file = fmt::format("/{}.config", name);
  for (const auto &[path, text] : config_fragments::kEmbeddedTexts) {
    if (path.ends_with(file)) return text;
  }
  return {};
}

struct Option {
  std::string_view name;
  std::string_view value;
};

// As Kconfig writes and reads it: NAME=VALUE, or "# NAME is not set".
std::optional<Option> parse_option(std::string_view line) {
  constexpr std::string_view kName = "CONFIG_";
  constexpr std::string_view kComment = "# ";
  constexpr std::string_view kNotSet = " is not set";
  if (line.starts_with(kName)) {
    const size_t equals = line.find('=');
    if (equals == std::string_view::npos) return std::nullopt;
    return Option{line.substr(0, equals), line.substr(equals + 1)};
  }
  if (!line.starts_with(kComment) || !line.ends_with(kNotSet)) return std::nullopt;
  line.remove_prefix(kComment.size());
  line.remove_suffix(kNotSet.size());
  if (!line.starts_with(kName)) return std::nullopt;
  return Option{line, kOff};
}

std::map<std::string_view, std::string_view> options_of(std::string_view text) {
  std::map<std::string_view, std::string_view> options;
  while (!text.empty()) {
    if (const auto option = parse_option(take_line(text))) options[option->name] = option->value;
  }
  return options;
}

}  // namespace

std::string own_config(const KernelVariants &variants) {
  std::string config(fragment("minimal"));
  for (const std::string &variant : variants) config += fragment(variant);
  return config;
}

std::vector<std::string> variant_make_variables(const KernelVariants &variants) {
  std::vector<std::string> variables;
  for (const ObjectVariant &variant : kObjectVariants) {
    if (!variants.contains(variant.name)) continue;
    variables.emplace_back(variant.besides);
    for (const char *object : kHookObjects) {
      variables.push_back(fmt::format("{}{}.o=y", variant.object_switch, object));
    }
  }
  return variables;
}

std::vector<std::string> options_not_taken(std::string_view fragment, std::string_view config) {
  const auto taken = options_of(config);
  std::vector<std::string> missing;
  for (const auto &[name, value] : options_of(fragment)) {
    const auto found = taken.find(name);
    if ((found == taken.end() ? kOff : found->second) == value) continue;
    missing.push_back(fmt::format("{}={}", name, value));
  }
  return missing;
}

Result<std::string> read_fragments(const std::vector<std::filesystem::path> &fragments) {
  std::string all;
  for (const std::filesystem::path &path : fragments) {
    auto text = read_file(path);
    if (!text) {
      text.error().kind = ErrorKind::kUsage;
      return text;
    }
    std::string_view rest = *text;
    for (size_t number = 1; !rest.empty(); ++number) {
      const std::string_view line = take_line(rest);
      if (line.empty() || line.starts_with('#') || parse_option(line)) continue;
      return fail_as(ErrorKind::kUsage, "read", fmt::format("{}:{}", path.string(), number), 0,
                     "a line is CONFIG_NAME=VALUE, or a comment");
    }
    all += *text + "\n";
  }
  return all;
}

}  // namespace sklab
