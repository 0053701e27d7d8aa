// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "harness/guest/guest_plan.h"

#include <nlohmann/json.hpp>

namespace sklab {

std::string plan_bytes(const GuestPlan &plan) {
  const auto bytes = nlohmann::json::to_cbor({{"arguments", plan.arguments},
                                              {"folder", plan.folder},
                                              {"environment", plan.environment},
                                              {"modules", plan.modules},
                                              {"outputs", plan.outputs},
                                              {"symbols", plan.symbols}});
  return {bytes.begin(), bytes.end()};
}

Result<GuestPlan> parse_plan(std::string_view bytes) {
  try {
    const auto document = nlohmann::json::from_cbor(bytes);
    GuestPlan plan;
    document.at("arguments").get_to(plan.arguments);
    document.at("folder").get_to(plan.folder);
    document.at("environment").get_to(plan.environment);
    document.at("modules").get_to(plan.modules);
    document.at("outputs").get_to(plan.outputs);
    document.at("symbols").get_to(plan.symbols);
    if (plan.arguments.empty()) return fail("read the plan", kPlanPath, 0, "it runs nothing");
    return plan;
  } catch (const nlohmann::json::exception &error) {
    return fail("read the plan", kPlanPath, 0, error.what());
  }
}

}  // namespace sklab
