// SPDX-License-Identifier: Apache-2.0
// A rule as one sentence for the officer who approves it, and what keeps it from firing.
#pragma once

#include "base/i18n.h"
#include "engine/rule.h"

void vg_rule_explain(const vg_ruleset *set, size_t rule, vg_lang lang, vg_buf *out);
void vg_rule_cancel(const vg_ruleset *set, size_t rule, vg_lang lang, vg_buf *out);
const char *vg_rule_title(const vg_rule *r, vg_lang lang);
