// SPDX-License-Identifier: Apache-2.0
// Documents of a rule file. YAML parts them by a line "---" at the margin, which can stand nowhere else, so lines
// are enough; what is in a document the engine's loader says. A document written as one flow mapping has no name
// here and is neither copied nor replaced.
#include "domain/alerts/rule_docs.h"

static vg_str line_at(vg_str text, size_t at)
{
    const char *end = memchr(text.p + at, '\n', text.n - at);
    return (vg_str){text.p + at, end ? (size_t)(end - text.p) - at + 1 : text.n - at};
}

static bool parts(vg_str line)
{
    return vg_str_starts(line, "---") && (line.n == 3 || strchr(" \t\r\n", line.p[3]));
}

static vg_str name_in(vg_str line)
{
    vg_str s = vg_str_trim((vg_str){line.p + 5, line.n - 5});
    const char *comment = NULL;
    for (size_t i = 1; i < s.n && !comment; i++) {
        comment = s.p[i] == '#' && (s.p[i - 1] == ' ' || s.p[i - 1] == '\t') ? s.p + i : NULL;
    }
    s = comment ? vg_str_trim((vg_str){s.p, (size_t)(comment - s.p)}) : s;
    const bool quoted = s.n > 1 && (s.p[0] == '"' || s.p[0] == '\'') && s.p[s.n - 1] == s.p[0];
    return quoted ? (vg_str){s.p + 1, s.n - 2} : s;
}

bool alerts_doc_next(vg_str text, size_t *at, vg_str *ret, vg_str *ret_name)
{
    const size_t from = *at;
    size_t i = from;
    *ret_name = (vg_str){"", 0};
    if (from >= text.n) {
        return false;
    }
    while (i < text.n) {
        const vg_str line = line_at(text, i);
        i += line.n;
        if (parts(line)) {
            *ret = (vg_str){text.p + from, i - line.n - from};
            *at = i;
            return true;
        }
        if (vg_str_starts(line, "name:")) {
            *ret_name = name_in(line);
        }
    }
    *ret = (vg_str){text.p + from, text.n - from};
    *at = text.n;
    return true;
}

bool alerts_doc_find(vg_str text, vg_str name, vg_str *ret)
{
    size_t at = 0;
    vg_str doc, its;
    while (alerts_doc_next(text, &at, &doc, &its)) {
        if (its.n && vg_str_eq(its, name)) {
            *ret = doc;
            return true;
        }
    }
    return false;
}

void alerts_doc_blank(char *text, vg_str doc)
{
    char *p = text + (doc.p - text);
    for (size_t i = 0; i < doc.n; i++) {
        p[i] = p[i] == '\n' ? '\n' : ' ';
    }
}

vg_str alerts_doc_trim(vg_str doc)
{
    size_t at = 0;
    while (at < doc.n) {
        const vg_str line = line_at(doc, at);
        if (vg_str_trim(line).n && line.p[0] != '#') {
            break;
        }
        at += line.n;
    }
    size_t n = doc.n;
    while (n > at && strchr(" \t\r\n", doc.p[n - 1])) {
        n--;
    }
    return (vg_str){doc.p + at, n - at};
}
