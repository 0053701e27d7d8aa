// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/guest/kernel_report.h"

#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <optional>

#include "harness/base/lines.h"
#include "harness/guest/profile/symbols.h"
#include "harness/kernel/kernel_trouble.h"

namespace sklab {
namespace {

constexpr size_t kMostLines = 160;
constexpr size_t kSignatureFrames = 3;

// What reports faults is on the stack before what is at fault.
constexpr std::array<std::string_view, 18> kReporters = {
    "dump_stack",   "show_stack",   "print_",     "kasan_",        "__kasan_", "__asan_",
    "check_region", "report_bug",   "handle_bug", "exc_",          "asm_exc_", "__warn",
    "__ubsan_",     "lockdep_rcu_", "__might_",   "warn_slowpath", "vpanic",   "panic"};

bool is_reporter(std::string_view function) {
  return std::any_of(kReporters.begin(), kReporters.end(),
                     [&](std::string_view name) { return function.starts_with(name); });
}

// "[    1.250000] " or "[    1.250000][  T123] " is taken off, and what serial consoles put at
// ends.
std::string_view without_stamp(std::string_view line) {
  if (line.ends_with('\r')) line.remove_suffix(1);
  while (line.starts_with('[')) {
    const size_t end = line.find(']');
    if (end == std::string_view::npos) break;
    line.remove_prefix(end + 1);
    if (line.starts_with(' ')) line.remove_prefix(1);
  }
  return line;
}

// " ? udp_sendmsg+0x1a3/0x2b0", or "RIP: 0010:udp_sendmsg+0x1a3/0x2b0", which is where it happened.
std::optional<StackFrame> parse_frame(std::string_view line) {
  static const RE2 kFrame(
      R"((?: +|RIP: 0010:)(\? )?([A-Za-z_][\w.]*)\+(0x[0-9a-f]+/0x[0-9a-f]+).*)");
  std::string doubt;
  StackFrame frame;
  if (!RE2::FullMatch(line, kFrame, &doubt, &frame.function, &frame.offset)) return std::nullopt;
  frame.certain = doubt.empty();
  return frame;
}

// In two runs of the same fault these differ.
std::string without_values(std::string text) {
  static const RE2 kOffset(R"(\+0x[0-9a-f]+/0x[0-9a-f]+)");
  static const RE2 kAddress("0x[0-9a-f]+|[0-9a-f]{16}");
  static const RE2 kTask(R"((CPU|PID): \d+)");
  // ": 0000 [#1] PREEMPT SMP KASAN": an error code, how many it were, how it was built.
  static const RE2 kOops(R"((, probably for non-canonical address \w+)?: [0-9a-f]{4} \[#\d+\].*)");
  RE2::GlobalReplace(&text, kOops, "");
  RE2::GlobalReplace(&text, kOffset, "");
  RE2::GlobalReplace(&text, kAddress, "ADDRESS");
  RE2::GlobalReplace(&text, kTask, "\\1");
  return text;
}

bool ends_report(std::string_view line) {
  return line.starts_with("---[ end ") || line == std::string(66, '=') ||
         line.starts_with("Kernel panic - not syncing");
}

// Stacks of who allocated and freed follow the first one. An oops says where it happened before its
// stack, which begins with who called that.
void add_frame(KernelReport &report, bool &in_stack, std::string_view line) {
  if (line.starts_with("Call Trace:")) in_stack = report.stack.size() <= 1;
  const bool is_place = report.stack.empty() && line.starts_with("RIP: 0010:");
  if (!in_stack && !is_place) return;
  if (line == " </TASK>" || line.empty()) in_stack = false;
  auto frame = parse_frame(line);
  if (!frame) return;
  const bool reports = !frame->certain || is_reporter(frame->function);
  if (report.stack.empty() && reports) return;
  // A warning's place is on its stack, too.
  if (report.stack.size() == 1 && frame->function == report.stack.front().function) return;
  report.stack.push_back(std::move(*frame));
}

}  // namespace

std::string KernelReport::signature() const {
  std::string text = title;
  size_t shown = 0;
  for (const StackFrame &frame : stack) {
    if (!frame.certain) continue;
    if (shown == kSignatureFrames) break;
    text += (shown++ == 0 ? " in " : " < ") + std::string(source_name(frame.function));
  }
  return text;
}

std::vector<KernelReport> find_kernel_reports(std::string_view log) {
  std::vector<KernelReport> reports;
  bool open = false;
  bool in_stack = false;
  size_t lines = 0;
  while (!log.empty()) {
    const std::string_view stamped = take_line(log);
    if (!stamped.starts_with('[')) continue;
    const std::string_view line = without_stamp(stamped);
    const bool panics = line.starts_with("Kernel panic - not syncing");
    // A panic that is the end of a report is none of its own.
    if (!open && !find_kernel_trouble(line).empty() && !(panics && !reports.empty())) {
      reports.push_back({without_values(std::string(line)), {}, ""});
      open = true;
      in_stack = false;
      lines = 0;
    }
    if (!open) continue;
    reports.back().text += std::string(line) + "\n";
    add_frame(reports.back(), in_stack, line);
    if (++lines > 1 && (ends_report(line) || lines == kMostLines)) open = false;
  }
  return reports;
}

}  // namespace sklab
