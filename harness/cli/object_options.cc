// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/cli/object_options.h"

#include "bench/populated_netns.h"
#include "harness/cli/scenario_file.h"
#include "harness/model/object_scenario_text.h"

namespace sklab {
namespace {

// CLI11 takes an empty argument, which would mean that there is no object.
std::string check_not_empty(const std::string &text) {
  return text.empty() ? "a file's name is missing" : "";
}

}  // namespace

void add_object_options(CLI::App &command, ObjectOptions &options,
                        std::initializer_list<const char *> unrelated) {
  CLI::Option *object =
      command
          .add_option("--object", options.object,
                      "BPF object with a sk_lookup program, of several the one after a colon")
          ->type_name("FILE[:PROGRAM]")
          ->check(check_not_empty);
  CLI::Option *scenario =
      command.add_option("--scenario", options.scenario, "What that program is to do; - is stdin")
          ->type_name("FILE")
          ->check(check_not_empty);
  object->needs(scenario);
  scenario->needs(object);
  for (const char *name : unrelated) object->excludes(command.get_option(name));
}

Result<SharedObject> read_object(const ObjectOptions &options, bool may_be_stdin) {
  if (options.object.empty()) return nullptr;
  if (!may_be_stdin && options.scenario == "-") {
    return fail_as(ErrorKind::kUsage, "read the scenario from stdin", "", 0,
                   "every process that measures reads it: name a file");
  }
  ObjectSource source = object_source(options.object);
  SKLAB_TRY(source.scenario, read_scenario_file(options.scenario, parse_object_scenario));
  return std::make_shared<const ObjectSource>(std::move(source));
}

std::vector<std::filesystem::path> files_of(const ObjectOptions &options) {
  if (options.object.empty()) return {};
  return {object_source(options.object).path, options.scenario};
}

Result<> try_object(const SharedObject &object) {
  if (object) SKLAB_CHECK(PopulatedNetns::create(*object));
  return Ok{};
}

}  // namespace sklab
