// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/guest/stack_lines.h"

#include <fmt/format.h>
#include <re2/re2.h>

#include <cstdlib>
#include <map>
#include <vector>

#include "harness/base/file.h"
#include "harness/guest/profile/source_lines.h"
#include "harness/guest/profile/symbols.h"

namespace sklab {
namespace {

// A place in a kernel's code as its log has it.
struct CodePlace {
  std::string function;
  std::string offset;    // "0x1a3/0x2b0"
  bool returns = false;  // it is where a call returns to: the call is before it
};

std::map<std::string, uint64_t> read_functions(const GuestKernel &kernel) {
  std::map<std::string, uint64_t> functions;
  const auto text = read_file(kernel.image.parent_path() / "System.map");
  if (!text) return functions;
  const auto symbols = Symbols::parse(*text);
  if (!symbols) return functions;
  for (const Function &function : symbols->functions()) functions[function.name] = function.address;
  return functions;
}

// " (file:line)" of each; "" for what is not known.
std::vector<std::string> lines_of(const std::vector<CodePlace> &places, const GuestKernel &kernel) {
  std::vector<std::string> texts(places.size());
  if (kernel.vmlinux.empty()) return texts;
  const auto functions = read_functions(kernel);
  std::vector<uint64_t> addresses(places.size(), 0);
  for (size_t i = 0; i < places.size(); ++i) {
    const auto function = functions.find(places[i].function);
    if (function == functions.end()) continue;
    const uint64_t offset = std::strtoull(places[i].offset.c_str(), nullptr, 16);
    addresses[i] = function->second + offset - (places[i].returns ? 1 : 0);
  }
  const auto lines = source_lines(kernel.vmlinux, addresses);
  if (!lines) return texts;
  for (size_t i = 0; i < places.size(); ++i) {
    const auto line = lines->find(addresses[i]);
    if (addresses[i] == 0 || line == lines->end()) continue;
    texts[i] = fmt::format(" ({}:{})", line->second.file, line->second.line);
  }
  return texts;
}

}  // namespace

std::string stack_with_lines(const KernelReport &report, const GuestKernel &kernel) {
  std::vector<CodePlace> places;
  for (const StackFrame &frame : report.stack) {
    places.push_back({frame.function, frame.offset, !places.empty()});
  }
  const std::vector<std::string> lines = lines_of(places, kernel);
  std::string text;
  for (size_t i = 0; i < places.size(); ++i) {
    text += fmt::format("{}{}+{}{}\n", report.stack[i].certain ? "" : "? ", places[i].function,
                        places[i].offset, lines[i]);
  }
  return text;
}

std::string report_with_lines(const KernelReport &report, const GuestKernel &kernel) {
  static const RE2 kPlace(R"((([A-Za-z_][\w.]*)\+(0x[0-9a-f]+/0x[0-9a-f]+)))");
  std::vector<CodePlace> places;
  std::vector<size_t> ends;
  re2::StringPiece rest(report.text);
  re2::StringPiece place;
  std::string function;
  std::string offset;
  while (RE2::FindAndConsume(&rest, kPlace, &place, &function, &offset)) {
    ends.push_back(report.text.size() - rest.size());
    // "RIP: 0010:udp_sendmsg+0x1a3/0x2b0" is the place itself.
    const std::string_view before(report.text.data(), ends.back() - place.size());
    places.push_back({function, offset, !before.ends_with("RIP: 0010:")});
  }
  const std::vector<std::string> lines = lines_of(places, kernel);
  std::string text;
  size_t end = 0;
  for (size_t i = 0; i < ends.size(); ++i) {
    text += report.text.substr(end, ends[i] - end) + lines[i];
    end = ends[i];
  }
  return text + report.text.substr(end);
}

}  // namespace sklab
