// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/kernel/libbpf_log.h"

#include <bpf/libbpf.h>

#include <algorithm>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace sklab {
namespace {

constexpr std::string_view kLogBegin = "-- BEGIN PROG LOAD LOG --\n";
constexpr std::string_view kLogEnd = "-- END PROG LOAD LOG --";

int print_to_stderr(libbpf_print_level /*level*/, const char *format, va_list arguments) {
  return std::vfprintf(stderr, format, arguments);
}

libbpf_print_fn_t usual_printer() {
  return std::getenv("SKLAB_LIBBPF_DEBUG") != nullptr ? print_to_stderr : nullptr;
}

thread_local std::vector<std::string> *kept_warnings = nullptr;

std::string printed(const char *format, va_list arguments) {
  va_list again;
  va_copy(again, arguments);
  const int size = std::vsnprintf(nullptr, 0, format, again);
  va_end(again);
  std::string text(static_cast<size_t>(std::max(size, 0)) + 1, '\0');
  std::vsnprintf(text.data(), text.size(), format, arguments);
  text.pop_back();
  return text;
}

int keep_warning(libbpf_print_level level, const char *format, va_list arguments) {
  if (const auto printer = usual_printer()) {
    va_list again;
    va_copy(again, arguments);
    printer(level, format, again);
    va_end(again);
  }
  if (level == LIBBPF_WARN && kept_warnings != nullptr) {
    kept_warnings->push_back(printed(format, arguments));
  }
  return 0;
}

// What libbpf gets over by itself.
bool is_about_a_retry(std::string_view warning) {
  return warning.find("Retrying without BTF") != std::string_view::npos;
}

}  // namespace

void set_up_libbpf_log() { libbpf_set_print(usual_printer()); }

LibbpfMessages::LibbpfMessages() {
  kept_warnings = &warnings_;
  libbpf_set_print(keep_warning);
}

LibbpfMessages::~LibbpfMessages() {
  set_up_libbpf_log();
  kept_warnings = nullptr;
}

std::string LibbpfMessages::cause() const {
  constexpr std::string_view kPrefix = "libbpf: ";
  const auto first = std::find_if_not(warnings_.begin(), warnings_.end(), is_about_a_retry);
  if (first == warnings_.end()) return {};
  std::string_view line = *first;
  if (line.starts_with(kPrefix)) line.remove_prefix(kPrefix.size());
  return std::string(line.substr(0, line.find('\n')));
}

std::string LibbpfMessages::verifier_log() const {
  for (const std::string &warning : warnings_) {
    const size_t begin = warning.find(kLogBegin);
    if (begin == std::string::npos) continue;
    const size_t start = begin + kLogBegin.size();
    const size_t end = warning.find(kLogEnd, start);
    return warning.substr(start, end == std::string::npos ? end : end - start);
  }
  return {};
}

}  // namespace sklab
