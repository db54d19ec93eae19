// SPDX-License-Identifier: Apache-2.0
// The pattern files are small (some sixty lines) and read where they lie, on every call: that takes a few
// microseconds and needs no state, no start and no lock.
#include "ident/table.h"

#include "base/embed.h"

extern const vg_embedded vg_data_files[];

vg_str vg_ident_file(const char *name)
{
    for (const vg_embedded *f = vg_data_files; f->name; f++) {
        if (strcmp(f->name, name) == 0) {
            return (vg_str){(const char *)f->data, f->size};
        }
    }
    return (vg_str){"", 0};
}

static vg_str word(vg_str *line)
{
    *line = vg_str_trim(*line);
    size_t n = 0;
    while (n < line->n && line->p[n] != ' ') {
        n++;
    }
    const vg_str w = {line->p, n};
    *line = (vg_str){line->p + n, line->n - n};
    return w;
}

bool vg_ident_next(vg_str *file, vg_ident_line *ret)
{
    while (file->n) {
        const char *nl = memchr(file->p, '\n', file->n);
        vg_str line = {file->p, nl ? (size_t)(nl - file->p) : file->n};
        const size_t used = line.n + (nl != NULL);
        *file = (vg_str){file->p + used, file->n - used};
        line = vg_str_trim(line);
        if (line.n == 0 || line.p[0] == '#') {
            continue;
        }
        ret->word[0] = word(&line);
        ret->word[1] = word(&line);
        ret->rest = vg_str_trim(line);
        return true;
    }
    return false;
}

static bool one_fits(char p, const vg_ident_sets *sets, char c)
{
    if (p == '#' || p == '+') {
        return c >= (p == '+' ? '1' : '0') && c <= '9';
    }
    if (p >= 'a' && p <= 'z' && sets) {
        const vg_str set = sets->of[p - 'a'];
        return set.n && memchr(set.p, c, set.n);
    }
    return p == c;
}

bool vg_ident_fits(vg_str pattern, const vg_ident_sets *sets, const char *printed, vg_str text)
{
    size_t at = 0;
    for (size_t i = 0; i < pattern.n; i++) {
        const char p = pattern.p[i];
        if (strchr(printed, p)) {
            continue;
        }
        if (at == text.n || !one_fits(p, sets, text.p[at])) {
            return false;
        }
        at++;
    }
    return at == text.n;
}

void vg_ident_print(vg_str pattern, const char *printed, vg_str text, char *out, size_t cap)
{
    size_t n = 0, at = 0;
    for (size_t i = 0; i < pattern.n && n + 1 < cap; i++) {
        const char p = pattern.p[i];
        if (strchr(printed, p)) {
            out[n++] = p == '_' ? ' ' : p;
        } else if (at < text.n) {
            out[n++] = text.p[at++];
        }
    }
    out[n] = '\0';
}
