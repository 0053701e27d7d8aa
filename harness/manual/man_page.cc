// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/manual/man_page.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "harness/manual/footer.h"
#include "harness/manual/man_options.h"
#include "harness/manual/roff.h"

namespace sklab {
namespace {

constexpr std::string_view kExamples = "Examples";

std::string upper(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char letter) { return static_cast<char>(std::toupper(letter)); });
  return text;
}

std::string section(const std::string &title) { return ".SH " + upper(title) + "\n"; }

// "measure what a lookup costs": of a sentence what whatis(1) lists.
std::string headline(std::string sentence) {
  std::replace(sentence.begin(), sentence.end(), '\n', ' ');
  if (sentence.ends_with('.')) sentence.pop_back();
  const bool is_acronym =
      sentence.size() > 1 && std::isupper(static_cast<unsigned char>(sentence[1]));
  if (!sentence.empty() && !is_acronym) {
    sentence[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(sentence[0])));
  }
  return sentence;
}

std::string head(const CommandHelp &command, const ManEdition &edition) {
  const std::string name = roff_code(join_words(command, "-"));
  return fmt::format(
             ".\\\" Made of what `{} --help` prints.\n.TH {} 1 {} \"{}\" \"User Commands\"\n",
             join_words(command, " "), upper(name), edition.date, edition.source) +
         fmt::format("{}{} \\- {}\n", section("Name"), name,
                     roff_text(headline(command.description)));
}

std::string synopsis(const CommandHelp &command) {
  std::string text = section("Synopsis") + roff_bold(join_words(command, " "));
  if (!command.options.empty()) text += " [" + roff_italic("OPTION") + " ...]";
  for (const OptionHelp &argument : command.arguments) {
    const std::string name =
        roff_italic(argument.value_name) + (argument.takes_several ? " ..." : "");
    text += argument.is_required ? " " + name : " [" + name + "]";
  }
  if (!command.subcommands.empty()) text += " " + roff_italic("COMMAND") + " ...";
  return text + "\n";
}

std::string description(const CommandHelp &command, const Footer &footer) {
  std::string text = section("Description") + roff_text(command.description);
  if (!command.description.ends_with('.')) text += '.';
  text += '\n';
  for (const std::string &paragraph : footer.paragraphs)
    text += ".PP\n" + roff_text(paragraph) + "\n";
  return text;
}

std::string commands(const CommandHelp &command) {
  if (command.subcommands.empty()) return {};
  std::string text = section("Commands");
  for (const CommandHelp &below : command.subcommands) {
    text += fmt::format(".TP\n.BR {} (1)\n{}.\n", roff_code(join_words(below, "-")),
                        roff_text(below.description));
  }
  return text;
}

std::string preformatted(const std::string &title, const std::vector<std::string> &lines) {
  if (lines.empty()) return {};
  std::string text = section(title) + ".nf\n";
  for (const std::string &line : lines) text += roff_code(line) + "\n";
  return text + ".fi\n";
}

std::vector<std::string> own_examples(const CommandHelp &command) {
  for (const FooterBlock &block : parse_footer(command.footer).blocks) {
    if (block.title == kExamples) return block.lines;
  }
  return {};
}

// A command without examples of its own has the first one of each command below it.
std::vector<std::string> examples_for(const CommandHelp &command) {
  std::vector<std::string> lines = own_examples(command);
  if (!lines.empty()) return lines;
  for (const CommandHelp &below : command.subcommands) {
    if (const auto more = examples_for(below); !more.empty()) lines.push_back(more.front());
  }
  return lines;
}

std::string exit_status(const Footer &footer, const CommandHelp &root) {
  std::string text = section("Exit status");
  const auto codes =
      footer.exit_codes.empty() ? parse_footer(root.footer).exit_codes : footer.exit_codes;
  for (const auto &[code, meaning] : codes) {
    text += fmt::format(".TP\n{}\n{}\n", roff_bold(code), roff_text(meaning));
  }
  return codes.empty() ? "" : text;
}

std::string see_also(const CommandHelp &command, const CommandHelp &root) {
  std::string pages;
  for (const CommandHelp *other : with_subcommands(root)) {
    if (other == &command) continue;
    pages += fmt::format("{}.BR {} (1)", pages.empty() ? "" : " ,\n",
                         roff_code(join_words(*other, "-")));
  }
  return pages.empty() ? "" : section("See also") + pages + "\n";
}

}  // namespace

std::string man_page(const CommandHelp &command, const CommandHelp &root,
                     const ManEdition &edition) {
  const Footer footer = parse_footer(command.footer);
  std::string page = head(command, edition) + synopsis(command) + description(command, footer) +
                     commands(command) + man_options(command);
  for (const FooterBlock &block : footer.blocks) {
    if (block.title != kExamples) page += preformatted(block.title, block.lines);
  }
  return page + preformatted(std::string(kExamples), examples_for(command)) +
         exit_status(footer, root) + see_also(command, root);
}

}  // namespace sklab
