// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#pragma once

#include <string>

#include "harness/record/page/page_content.h"

namespace sklab {

// The data of the page as JSON in which no '<' is left, so that nothing in it can end the element
// that holds it.
std::string page_data(const PageContent &content);

// One HTML file that needs nothing else: style, scripts and data are in it.
std::string page_html(const PageContent &content);

}  // namespace sklab
