// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/target/c_source.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cstring>
#include <optional>
#include <vector>

#include "c_headers.h"

namespace sklab {
namespace {

constexpr std::string_view kLicence =
    "/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */\n";

constexpr std::string_view kHowToRun =
    "Build and run as root; it works in network namespaces of its own:\n"
    "    cc -o reproducer reproducer.c -lbpf && ./reproducer\n"
    "Exit code: 0 the kernel did as expected, 1 it did not, 4 cannot run here, 70 failed itself\n";

constexpr std::string_view kFirstLines =
    "#define _GNU_SOURCE\n"
    "/* Not every program needs all of the functions that they have in common. */\n"
    "#pragma GCC diagnostic ignored \"-Wunused-function\"\n\n";

// Of a line that includes one, the file; empty for any other.
std::string_view included_file(std::string_view line, std::string_view open, char close) {
  if (!line.starts_with(open)) return {};
  line.remove_prefix(open.size());
  return line.substr(0, line.find(close));
}

std::optional<std::string_view> embedded(std::string_view file) {
  for (const auto &[name, text] : c_headers::kEmbeddedTexts) {
    if (name == file) return text;
  }
  return std::nullopt;
}

std::string replace_all(std::string text, std::string_view what, std::string_view by) {
  for (size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size())) {
    text.replace(at, what.size(), by);
  }
  return text;
}

// Brings the included headers to where they belong, once each.
class Flattener {
 public:
  void add(std::string_view text) {
    while (!text.empty()) {
      const size_t size = std::min(text.find('\n'), text.size() - 1) + 1;
      add_line(text.substr(0, size));
      text.remove_prefix(size);
    }
  }
  [[nodiscard]] std::string text() const {
    std::string text(kFirstLines);
    for (const std::string_view header : system_headers_) {
      text += fmt::format("#include <{}>\n", header);
    }
    return text + "\n" + body_;
  }

 private:
  static bool note(std::string_view name, std::vector<std::string_view> &names) {
    const bool is_new = std::find(names.begin(), names.end(), name) == names.end();
    if (is_new) names.push_back(name);
    return is_new;
  }

  void add_line(std::string_view line) {
    if (const auto name = included_file(line, "#include <", '>'); !name.empty()) {
      note(name, system_headers_);
      return;
    }
    const auto file = included_file(line, "#include \"", '"');
    if (const auto header = embedded(file)) {
      if (note(file, headers_)) add(*header);
      return;
    }
    if (line == kLicence || line == "#pragma once\n") return;
    // What was left out leaves blank lines behind.
    if (line == "\n" && (body_.empty() || body_.ends_with("\n\n"))) return;
    body_ += line;
  }

  std::vector<std::string_view> system_headers_;
  std::vector<std::string_view> headers_;
  std::string body_;
};

}  // namespace

std::string stand_alone_c(std::string_view about, std::string_view code) {
  Flattener flattener;
  flattener.add(code);
  return fmt::format("{}{}{}", kLicence, c_comment(fmt::format("{}\n{}", about, kHowToRun)),
                     flattener.text());
}

std::string c_string(std::string_view text) {
  std::string literal = "\"";
  for (const char character : text) {
    const auto byte = static_cast<unsigned char>(character);
    if (character == '"' || character == '\\') {
      literal += '\\';
      literal += character;
    } else if (std::isprint(byte) != 0) {
      literal += character;
    } else {
      literal += fmt::format("\\{:03o}", byte);
    }
  }
  return literal + '"';
}

std::string c_result(int result) {
  const char *name = result < 0 ? ::strerrorname_np(-result) : nullptr;
  return name != nullptr ? fmt::format("-{}", name) : fmt::format("{}", result);
}

std::string c_comment(std::string_view text) {
  std::string inside(text);
  inside = replace_all(replace_all(std::move(inside), "*/", "* /"), "/*", "/ *");
  while (inside.ends_with('\n')) inside.pop_back();
  if (inside.find('\n') == std::string::npos) return fmt::format("/* {} */\n", inside);
  inside = replace_all(std::move(inside), "\n", "\n * ");
  return replace_all(fmt::format("/*\n * {}\n */\n", inside), " \n", "\n");
}

}  // namespace sklab
