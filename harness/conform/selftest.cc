// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/conform/selftest.h"

#include "harness/conform/comparison.h"
#include "harness/conform/context_values.h"
#include "harness/conform/selftest_cases.h"
#include "harness/conform/selftest_context.h"
#include "harness/model/model.h"
#include "harness/model/scenario_text.h"
#include "harness/path/scenario_packet.h"

namespace sklab {
namespace {

// What the table says, without the model.
std::string receiver(const PacketObservation &observed, const Scenario &scenario) {
  const auto &socket = observed.observation.socket;
  if (socket) return scenario.sockets[*socket].name;
  const bool refused = observed.reply == Reply::kReset || observed.reply == Reply::kPortUnreachable;
  return refused ? "refused" : "lost";
}

Result<> check_scenario(ScenarioPacket &path, const SelftestCase &test, const Rules &rules,
                        Case &result) {
  SKLAB_TRY(const Scenario scenario,
            parse_scenario("scenario 1\ndialect pass_drop\n" + test.sockets + test.programs +
                           "packet " + test.packet + "\n"));
  SKLAB_CHECK(path.populate(scenario));
  SKLAB_TRY(const PacketObservation observed, path.send(scenario));
  result.check(receiver(observed, scenario) == test.expected, [&] {
    const std::string text = format_scenario(scenario);
    return Mismatch(
        text + "# expected: " + test.expected + "\n# kernel:   " + describe(observed, scenario),
        text);
  });
  const Outcome expected = evaluate(scenario, Arrival::kPacket, rules);
  result.check(allows(expected, observed, scenario.packet.protocol),
               [&] { return describe_mismatch(scenario, expected, observed); });
  SKLAB_TRY(const Observation looked_up, path.look_up(scenario));
  const Outcome without_packet = evaluate(scenario, Arrival::kHelper, rules);
  result.check(allows(without_packet, looked_up),
               [&] { return describe_mismatch(scenario, without_packet, looked_up); });
  return Ok{};
}

}  // namespace

void check_selftest(CaseLog &log, const ConformSettings &settings) {
  auto path = ScenarioPacket::create();
  log.run("query lookup prog", check_query);
  for (const SelftestCase &test : selftest_cases()) {
    log.run(test.name, [&](Case &result) -> Result<> {
      if (!path) return tl::unexpected(path.error());
      return check_scenario(*path, test, *settings.rules, result);
    });
  }
  check_interface_drops(log);
  log.run("access ctx->sk", check_selected_socket);
  log.run("narrow access to ctx v4", check_narrow_access_v4);
  log.run("narrow access to ctx v6", check_narrow_access_v6);
}

}  // namespace sklab
