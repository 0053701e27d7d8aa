// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "harness/record/page/page.h"
#include "harness/record/test_record.h"

namespace sklab {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::Not;

constexpr char kHostile[] = "</script><!-- <script> {{data}} \"' \\ \xe2\x80\xa8 \xff";

PageContent example_content(const std::string &text) {
  PageContent content;
  content.sources = {"result.json" + text};
  content.runs = {example_record()};
  content.runs[0].command_line += text;
  content.runs[0].rows[0].name += text;
  content.runs[0].fingerprint.mitigations[text] = text;
  content.sections = {{"extra", "More" + text, {text}, {}, {{text, {{text, false}}, {{text}}}}}};
  return content;
}

size_t count_of(const std::string &text, std::string_view what) {
  size_t count = 0;
  for (size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) ++count;
  return count;
}

TEST(PageData, NothingInItCanEndItsElement) {
  const std::string data = page_data(example_content(kHostile));
  EXPECT_THAT(data, Not(HasSubstr("<")));
  const json document = json::parse(data);
  const std::string command = document["runs"][0]["command_line"];
  EXPECT_THAT(command,
              HasSubstr("</script><!-- <script> {{data}} \"' \\ \xe2\x80\xa8 \xef\xbf\xbd"));
}

TEST(PageData, WhatJavaScriptCannotCountIsText) {
  const json document = json::parse(page_data(example_content("")));
  EXPECT_EQ(document["runs"][0]["seed"], "18446744073709551615");
}

TEST(PageData, NumbersThatAreNotFiniteAreNull) {
  PageContent content = example_content("");
  content.runs[0].rows[0].samples_ns[0] = std::numeric_limits<double>::infinity();
  content.runs[0].rows[0].latency_ns.low = std::numeric_limits<double>::quiet_NaN();
  const json row = json::parse(page_data(content))["runs"][0]["rows"][0];
  EXPECT_TRUE(row["samples_ns"][0].is_null());
  EXPECT_TRUE(row["latency_ns"]["low"].is_null());
}

TEST(PageData, SectionsOfOthersArePartOfIt) {
  const json section = json::parse(page_data(example_content(" x")))["sections"][0];
  EXPECT_EQ(section["title"], "More x");
  EXPECT_EQ(section["tables"][0]["rows"][0][0], " x");
}

TEST(PageHtml, StaysOnePageWhateverTheDataIs) {
  const std::string plain = page_html(example_content(""));
  const std::string hostile = page_html(example_content(kHostile));
  for (const char *tag : {"<script", "</script", "<!--", "<style", "</html"}) {
    EXPECT_EQ(count_of(hostile, tag), count_of(plain, tag)) << tag;
  }
}

TEST(PageHtml, NeedsNothingElse) {
  const std::string html = page_html(example_content(""));
  for (const char *reference : {" src=", "@import", "url(", "fetch(", "XMLHttpRequest"}) {
    EXPECT_THAT(html, Not(HasSubstr(reference))) << reference;
  }
  EXPECT_THAT(html, Not(HasSubstr("{{")));
  // uPlot's licence asks for its notice in every copy.
  EXPECT_THAT(html, HasSubstr("The MIT License (MIT)"));
}

}  // namespace
}  // namespace sklab
