// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// What a kernel's log says of its own faults: who reported what, and on which stack.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace sklab {

struct StackFrame {
  std::string function;  // with what compilers add to its name
  std::string offset;    // "0x1a3/0x2b0"
  bool certain = true;   // the unwinder is sure of it ("? " is not before it)
};

struct KernelReport {
  std::string title;  // without addresses: "BUG: KASAN: slab-use-after-free in udp_sendmsg"
  std::vector<StackFrame> stack;  // of the reporting thread, without the reporter's own functions
  std::string text;               // the lines of it, without time stamps

  // Reports with the same signature are of one fault: title, and the innermost functions.
  [[nodiscard]] std::string signature() const;
};

// All of a log, in their order. Lines begin with a time stamp in brackets.
std::vector<KernelReport> find_kernel_reports(std::string_view log);

}  // namespace sklab
