// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <gtest/gtest.h>

#include "fuzz/coverage/coverage_report.h"

namespace sklab {
namespace {

CoverageReport some_report() {
  CoverageReport report;
  report.kernel = "kasan";
  report.release = "6.12.9";
  report.functions = {
      {"netns links",
       true,
       "kernel/bpf/net_namespace.c",
       "netns_bpf_attach",
       {{2, true, "\tif (a < b && c)", ""},
        {3, false, "\t\treturn -ENOMEM;", "no memory"},
        {4, false, "\trcu();", "elsewhere", true}}},
      {"sockmap", false, "net/core/sock_map.c", "sock_map_alloc", {{1, true, "\tx();", ""}}}};
  report.sources["kernel/bpf/net_namespace.c"] = {"{", "\tif (a < b && c)", "\t\treturn -ENOMEM;"};
  return report;
}

TEST(CoverageText, NamesWhatNeverRan) {
  EXPECT_DOUBLE_EQ(some_report().hook_share(), 0.5);
  EXPECT_EQ(coverage_text(some_report()),
            "kasan, Linux 6.12.9\n\n"
            "                               functions   lines     ran     share\n"
            "  netns links                          1       2       1    50.0 %\n"
            "  sockmap                              1       1       1   100.0 %\n"
            "  the hook's own                       1       2       1    50.0 %\n"
            "\nLines that never ran:\n"
            "  netns_bpf_attach, kernel/bpf/net_namespace.c\n"
            "        3  return -ENOMEM;\n"
            "           -> no memory\n"
            "        4  rcu();\n"
            "           -> elsewhere\n");
}

TEST(CoverageHtml, ShowsTheSource) {
  const std::string html = coverage_html(some_report());
  EXPECT_NE(html.find("class=\"ran\" data-n=\"2\">\tif (a &lt; b &amp;&amp; c)<"),
            std::string::npos);
  EXPECT_NE(html.find("class=\"missed\" data-n=\"3\""), std::string::npos);
  EXPECT_NE(html.find("not reached: no memory"), std::string::npos);
  // Of a source that is not there any more, the lines' numbers.
  CoverageReport report = some_report();
  report.sources.clear();
  EXPECT_NE(coverage_html(report).find("class=\"missed\" data-n=\"3\"></span>"), std::string::npos);
}

TEST(CoverageText, OfNothingIsNothing) {
  CoverageReport report;
  EXPECT_EQ(report.hook_share(), 0);
  EXPECT_NE(coverage_text(report).find("  none\n"), std::string::npos);
}

}  // namespace
}  // namespace sklab
