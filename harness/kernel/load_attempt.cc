// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/kernel/load_attempt.h"

#include <bpf/bpf.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <vector>

#include "harness/base/lines.h"

namespace sklab {
namespace {

// The log of a program of a few hundred instructions; the kernel refuses a log that does not fit.
constexpr size_t kLogSize = size_t{256} * 1024;

bool starts_with_number(std::string_view line) {
  const size_t colon = line.find(':');
  return colon != 0 && colon != std::string_view::npos &&
         std::all_of(line.begin(), line.begin() + static_cast<std::ptrdiff_t>(colon),
                     [](char c) { return c >= '0' && c <= '9'; });
}

// "3: (95) exit", "from 2 to 4: R0=0", "func#0 @0", "processed 3 insns (limit 1000000) ...".
bool is_about_progress(std::string_view line) {
  constexpr std::array<std::string_view, 4> kProgress = {"from ", "func#", "processed ",
                                                         "mark_precise: "};
  return line.empty() || starts_with_number(line) ||
         std::any_of(kProgress.begin(), kProgress.end(),
                     [line](std::string_view prefix) { return line.starts_with(prefix); });
}

}  // namespace

std::string LoadAttempt::text() const {
  if (accepted()) return "accepted";
  const char *name = ::strerrorname_np(error_number);
  std::string text = name != nullptr ? name : std::to_string(error_number);
  if (!verifier_message.empty()) text += ": " + verifier_message;
  return text;
}

LoadAttempt attempt_load(std::span<const bpf_insn> instructions, bpf_prog_type type,
                         bpf_attach_type attach_type) {
  // Shared by all attempts, since filling a fresh one with zeros costs more than a load.
  thread_local std::vector<char> log(kLogSize);
  log.front() = '\0';
  LIBBPF_OPTS(bpf_prog_load_opts, options, .expected_attach_type = attach_type, .log_level = 1,
              .log_size = static_cast<__u32>(log.size()), .log_buf = log.data());
  LoadAttempt attempt;
  attempt.fd.reset(bpf_prog_load(type, "attempt", "Dual BSD/GPL", instructions.data(),
                                 instructions.size(), &options));
  if (attempt.accepted()) return attempt;
  attempt.error_number = errno;
  attempt.verifier_message = verifier_message(log.data());
  return attempt;
}

LoadAttempt attempt_load_quietly(std::span<const bpf_insn> instructions) {
  LIBBPF_OPTS(bpf_prog_load_opts, options, .expected_attach_type = BPF_SK_LOOKUP);
  LoadAttempt attempt;
  attempt.fd.reset(bpf_prog_load(BPF_PROG_TYPE_SK_LOOKUP, "attempt", "Dual BSD/GPL",
                                 instructions.data(), instructions.size(), &options));
  if (!attempt.accepted()) attempt.error_number = errno;
  return attempt;
}

std::string verifier_message(std::string_view log) {
  // Since Linux 7.3 the message is explained afterwards, with an empty line before.
  log = log.substr(0, log.find("\nVerification failed: "));
  const std::vector<std::string_view> lines = split_lines(log);
  const auto last = std::find_if_not(lines.rbegin(), lines.rend(), is_about_progress);
  const auto before = std::find_if(last, lines.rend(), is_about_progress);
  std::string message;
  for (auto line = before.base(); line != last.base(); ++line) {
    if (!message.empty()) message += "; ";
    message += *line;
  }
  return message;
}

}  // namespace sklab
