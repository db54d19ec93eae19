// SPDX-License-Identifier: Apache-2.0
// The events of a rule's life folded into its rows. What a back-test found stands with the asking it answers, so
// that rows of an earlier one are of no account whatever order the logs are folded in.
#include "domain/alerts/rule_life.h"

VG_FOLDER(alerts_on_rule_drafted)
{
    return vg_put(
        ap, e,
        "INSERT INTO rule_text (id, name, version, text, state, agency, type, level, title_vi,"
        " title_en, sentence_vi, sentence_en, cancel_vi, cancel_en, portable, stratum, sites,"
        " budget, note, author, authors, changed_at, trial_state, at, label, world) VALUES (?, ?,"
        " ?, ?, 'draft', COALESCE(?, ''), ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, COALESCE(?,"
        " ''), ?, '', ?, ?, ?) ON CONFLICT (id) DO UPDATE SET name = excluded.name, version ="
        " excluded.version, text = excluded.text, type = excluded.type, level = excluded.level,"
        " title_vi = excluded.title_vi, title_en = excluded.title_en, sentence_vi ="
        " excluded.sentence_vi, sentence_en = excluded.sentence_en, cancel_vi ="
        " excluded.cancel_vi, cancel_en = excluded.cancel_en, portable = excluded.portable,"
        " stratum = excluded.stratum, sites = excluded.sites, budget = excluded.budget, note ="
        " excluded.note, author = excluded.author, authors = CASE WHEN instr(' ' ||"
        " rule_text.authors || ' ', ' ' || excluded.authors || ' ') > 0 THEN rule_text.authors"
        " ELSE rule_text.authors || ' ' || excluded.authors END, changed_at ="
        " excluded.changed_at, trial_state = '', trial_over = NULL, trial_problem_vi = NULL,"
        " trial_problem_en = NULL",
        "@subject name version text agency type level title_vi title_en sentence_vi sentence_en"
        " cancel_vi cancel_en portable stratum sites budget note by by @at @at @label @world",
        err);
}

VG_FOLDER(alerts_on_rule_shadowed)
{
    VG_TRY(vg_put(ap, e,
                  "UPDATE rule_text SET state = 'superseded', ended_at = ? WHERE name = ? AND"
                  " state = 'shadow'",
                  "@at name", err));
    return vg_put(ap, e,
                  "UPDATE rule_text SET state = 'shadow', version = ?, shadow_at = ? WHERE id = ?",
                  "version @at @subject", err);
}

VG_FOLDER(alerts_on_rule_try_asked)
{
    return vg_put(ap, e,
                  "UPDATE rule_text SET trial_state = 'asked', trial_asked = ?, trial_from = ?,"
                  " trial_to = ?, trial_over = NULL, trial_problem_vi = NULL, trial_problem_en ="
                  " NULL WHERE id = ?",
                  "asked from to @subject", err);
}

VG_FOLDER(alerts_on_rule_try_cancelled)
{
    return vg_put(ap, e, "UPDATE rule_text SET trial_state = '' WHERE id = ?", "@subject", err);
}

VG_FOLDER(alerts_on_rule_tried)
{
    return vg_put(ap, e,
                  "UPDATE rule_text SET trial_state = ?, trial_over = ?, trial_problem_vi = ?,"
                  " trial_problem_en = ? WHERE id = ?",
                  "state over problem_vi problem_en @subject", err);
}

VG_FOLDER(alerts_on_rule_trial_seen)
{
    return vg_put(
        ap, e,
        "INSERT INTO rule_trial_site (id, text, site, asked, only_draft, only_active, both, weeks,"
        " examples, at, label, world) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id)"
        " DO UPDATE SET asked = excluded.asked, only_draft = excluded.only_draft, only_active ="
        " excluded.only_active, both = excluded.both, weeks = excluded.weeks, examples ="
        " excluded.examples, at = excluded.at",
        "key text @site asked only_draft only_active both weeks examples @at @label @world", err);
}

VG_FOLDER(alerts_on_rule_approved)
{
    VG_TRY(vg_put(ap, e,
                  "UPDATE rule_text SET state = 'superseded', ended_at = ? WHERE name = ? AND"
                  " state = 'active'",
                  "@at name", err));
    return vg_put(ap, e,
                  "UPDATE rule_text SET state = 'active', version = ?, approver = ?, approved_at ="
                  " ?, reason = ? WHERE id = ?",
                  "version by @at reason @subject", err);
}

VG_FOLDER(alerts_on_rule_own_retired)
{
    return vg_put(ap, e,
                  "UPDATE rule_text SET state = 'retired', ended_by = ?, ended_at = ?, ended_why ="
                  " ?, trial_state = CASE trial_state WHEN 'asked' THEN '' ELSE trial_state END"
                  " WHERE id = ?",
                  "by @at reason @subject", err);
}

VG_FOLDER(alerts_on_rule_shadow_seen)
{
    return vg_put(ap, e,
                  "INSERT INTO rule_shadow (id, rule, version, site, day, n, examples, at, label,"
                  " world) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET"
                  " n = rule_shadow.n + excluded.n, examples = excluded.examples, at = excluded.at",
                  "key name version @site day n examples @at @label @world", err);
}
