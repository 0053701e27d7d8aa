// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fuzz/kernel_changes/kernel_mutant.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "fuzz/kernel_changes/mutant_lists.h"
#include "harness/record/digest.h"

namespace sklab {
namespace {

std::string with_context(const KernelMutant &mutant, const std::string &text) {
  return mutant.before + text + mutant.after;
}

// What stands there in a kernel of all mutants: `others` is what stands there without this one.
std::string choice(const KernelMutant &mutant, size_t number, const std::string &others) {
  if (mutant.kind == MutantKind::kExpression) {
    return fmt::format("(sklab_mutant == {} ? ({}) : {})", number, mutant.replace, others);
  }
  return fmt::format("if (sklab_mutant == {}) {{ {} }} else {{ {} }}", number, mutant.replace,
                     others);
}

// The mutants' number: where it is declared, and where the kernel takes it from its command line.
constexpr char kDeclaration[] = "extern int sklab_mutant;\n";
constexpr char kDefinition[] = R"(int sklab_mutant;
static int __init sklab_set_mutant(char *text)
{{
	if (kstrtoint(text, 0, &sklab_mutant))
		return 0;
	pr_info("sklab: mutant %d of {}\n", sklab_mutant);
	return 1;
}}
__setup("sklab_mutant=", sklab_set_mutant);
)";
constexpr char kHome[] = "kernel/bpf/net_namespace.c";
constexpr char kHomeText[] = "static struct pernet_operations netns_bpf_pernet_ops";

// Of the table: its numbers mean these changes.
std::string table_digest() {
  constexpr size_t kDigits = 12;
  std::string text;
  for (const KernelMutant &mutant : kernel_mutants()) {
    text +=
        fmt::format("{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}\n", mutant.name, mutant.file, mutant.function,
                    mutant.before, mutant.find, mutant.after, mutant.replace, mutant.which);
  }
  return sha256_hex(text).substr(0, kDigits);
}

}  // namespace

const std::vector<KernelMutant> &kernel_mutants() {
  static const std::vector<KernelMutant> kMutants = [] {
    std::vector<KernelMutant> mutants;
    for (const auto &some :
         {kernel_run_mutants(), kernel_assign_mutants(), kernel_context_mutants(),
          kernel_link_mutants(), kernel_lookup_mutants(), kernel_test_run_mutants()}) {
      mutants.insert(mutants.end(), some.begin(), some.end());
    }
    return mutants;
  }();
  return kMutants;
}

Result<size_t> mutant_number(const std::string &name) {
  const auto &mutants = kernel_mutants();
  const auto found = std::find_if(mutants.begin(), mutants.end(),
                                  [&](const KernelMutant &one) { return one.name == name; });
  if (found != mutants.end()) return static_cast<size_t>(found - mutants.begin()) + 1;
  return fail_as(ErrorKind::kUsage, "find mutant", name, 0, "`sklab mutants --list` shows all");
}

std::string mutant_announcement(size_t number) {
  return fmt::format("sklab: mutant {} of {}", number, table_digest());
}

SourceChange change_of(const KernelMutant &mutant) {
  return {mutant.name,
          {{mutant.file, mutant.function, with_context(mutant, mutant.find),
            with_context(mutant, mutant.replace), mutant.which}}};
}

SourceChange change_to_all_mutants() {
  using Place = std::tuple<std::string, std::string, std::string, std::string, std::string, size_t>;
  struct Text {
    const KernelMutant *mutant;
    std::string choices;
  };
  std::map<Place, Text> places;
  std::set<std::string> files;
  const auto &mutants = kernel_mutants();
  for (size_t i = 0; i < mutants.size(); ++i) {
    const KernelMutant &mutant = mutants[i];
    const Place place = {mutant.file, mutant.function, mutant.before,
                         mutant.find, mutant.after,    mutant.which};
    const std::string original = mutant.kind == MutantKind::kExpression
                                     ? fmt::format("({})", mutant.find)
                                     : std::string(mutant.find);
    Text &text = places.try_emplace(place, Text{&mutant, original}).first->second;
    text.choices = choice(mutant, i + 1, text.choices);
    files.insert(mutant.file);
  }
  SourceChange change{"all_mutants", {}};
  for (const auto &[place, text] : places) {
    const KernelMutant &mutant = *text.mutant;
    change.edits.push_back({mutant.file, mutant.function, with_context(mutant, mutant.find),
                            with_context(mutant, text.choices), mutant.which});
  }
  for (const std::string &file : files) {
    change.edits.push_back({file, "", "#include", kDeclaration + std::string("#include"), 1});
  }
  change.edits.push_back(
      {kHome, "", kHomeText, fmt::format(kDefinition, table_digest()) + kHomeText});
  return change;
}

}  // namespace sklab
