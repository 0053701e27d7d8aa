// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/guest/build/source_change.h"

#include <fmt/format.h>

#include <cctype>
#include <map>
#include <utility>

namespace sklab {
namespace {

struct Extent {
  size_t begin = 0;
  size_t end = 0;
};

bool is_word(char character) {
  return std::isalnum(static_cast<unsigned char>(character)) != 0 || character == '_';
}

// By the kernel's style: a definition begins in the first column, and its last line is a brace in
// the first column; a macro's last line is the first one without a backslash.
size_t end_of_definition(std::string_view source, size_t line) {
  if (!source.substr(line).starts_with("#define")) {
    const size_t end = source.find("\n}", line);
    return end == std::string_view::npos ? end : end + 2;
  }
  size_t end = source.find('\n', line);
  while (end != std::string_view::npos && source[end - 1] == '\\') end = source.find('\n', end + 1);
  return end == std::string_view::npos ? source.size() : end;
}

// A call is indented, and a declaration ends with a semicolon before any brace.
Result<Extent> find_definition(std::string_view source, const SourceEdit &edit) {
  for (size_t at = source.find(edit.function); at != std::string_view::npos;
       at = source.find(edit.function, at + 1)) {
    const size_t after = at + edit.function.size();
    const bool is_name = (at == 0 || !is_word(source[at - 1])) && after < source.size() &&
                         (source[after] == '(' || source[after] == ',');
    const size_t line = source.rfind('\n', at) + 1;
    const char first = source[line];
    if (!is_name || (!is_word(first) && first != '#')) continue;
    const size_t brace = source.find_first_of("{;", after);
    const bool is_macro = source.substr(line).starts_with("#define");
    if (!is_macro && (brace == std::string_view::npos || source[brace] == ';')) continue;
    const size_t end = end_of_definition(source, line);
    if (end != std::string_view::npos) return Extent{line, end};
  }
  return fail_as(ErrorKind::kUsage, "change", edit.file, 0,
                 fmt::format("it has no function {}", edit.function));
}

Result<Extent> place_of(std::string_view source, const SourceEdit &edit) {
  Extent extent{0, source.size()};
  if (!edit.function.empty()) {
    SKLAB_TRY(extent, find_definition(source, edit));
  }
  std::vector<size_t> places;
  for (size_t at = source.find(edit.find, extent.begin);
       at != std::string_view::npos && at + edit.find.size() <= extent.end;
       at = source.find(edit.find, at + edit.find.size())) {
    places.push_back(at);
  }
  const size_t wanted = edit.which == 0 ? 1 : edit.which;
  if (places.size() < wanted || (edit.which == 0 && places.size() != 1)) {
    return fail_as(ErrorKind::kUsage, "change", fmt::format("{} {}", edit.file, edit.function), 0,
                   fmt::format("it has '{}' {} times", edit.find, places.size()));
  }
  return Extent{places[wanted - 1], places[wanted - 1] + edit.find.size()};
}

}  // namespace

Result<std::string> edited(std::string_view source, const std::vector<SourceEdit> &edits) {
  std::map<size_t, std::pair<size_t, const SourceEdit *>> places;  // end and edit, by beginning
  for (const SourceEdit &edit : edits) {
    SKLAB_TRY(const Extent extent, place_of(source, edit));
    if (places.try_emplace(extent.begin, extent.end, &edit).second) continue;
    return fail_as(ErrorKind::kUsage, "change", fmt::format("{} {}", edit.file, edit.function), 0,
                   fmt::format("'{}' is changed twice", edit.find));
  }
  std::string text;
  size_t done = 0;
  for (const auto &[begin, place] : places) {
    const auto &[end, edit] = place;
    if (begin < done) {
      return fail_as(ErrorKind::kUsage, "change", fmt::format("{} {}", edit->file, edit->function),
                     0, fmt::format("'{}' begins in another edit", edit->find));
    }
    text.append(source.substr(done, begin - done)).append(edit->replace);
    done = end;
  }
  return text.append(source.substr(done));
}

}  // namespace sklab
