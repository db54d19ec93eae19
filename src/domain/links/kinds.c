// SPDX-License-Identifier: Apache-2.0
// The kinds of link and what each needs to be told. An option that a kind does not know is an error that
// names the nearest one, so that a slip of the pen in a settings form is not found out during an alarm.
#include "domain/links/links.h"

#include "core/link_columns.h"
#include "core/link_rules.h"

enum { OPTIONS_MAX = 32768 };

static const vg_field mqtt[] = {
    {"map", VG_F_ENUM, VG_REQUIRED,
     .values = (const char *const[]){"frigate", "zigbee2mqtt", "generic", NULL}},
    {"prefix", VG_F_TEXT, .max = 120},  // of the topics: "frigate", "zigbee2mqtt"
    {"scope", VG_F_TEXT, .max = 12},    // first part of its sources' addresses; default from the id
    {"client", VG_F_TEXT, .max = 60},   // client id; default from the link's id
    {"tls", VG_F_BOOL},
    {"ca", VG_F_TEXT, .max = 8000},      // PEM of the broker's authority
    {"rules", VG_F_JSON, .max = 16384},  // generic: topic filter, JSON path, meaning
    {NULL},
};
static const vg_field csv[] = {
    {"source", VG_F_ID, VG_REQUIRED},  // the registered source these rows come from
    {"columns", VG_F_JSON, VG_REQUIRED, .max = 4096},
    {"every_s", VG_F_INT, .min = 1, .max = 86400},
    {NULL},
};
static const vg_field dc09_out[] = {
    {"transport", VG_F_ENUM, .values = (const char *const[]){"tcp", "udp", NULL}},
    {"account", VG_F_TEXT, VG_REQUIRED, .max = 16},
    {"receiver", VG_F_TEXT, .max = 6},
    {"prefix", VG_F_TEXT, .max = 6},
    {"poll_s", VG_F_INT, .min = 10, .max = 86400},
    {NULL},
};
static const vg_field cap_out[] = {
    {"sender", VG_F_TEXT, VG_REQUIRED, .max = 120},
    {"addresses", VG_F_TEXT, VG_REQUIRED, .max = 500},
    {"restriction", VG_F_TEXT, .max = 200},  // given: scope Restricted, else Private
    {"ca", VG_F_TEXT, .max = 8000},
    {NULL},
};
static const vg_field smtp[] = {
    {"from", VG_F_TEXT, VG_REQUIRED, .max = 120},
    {"tls", VG_F_ENUM, .values = (const char *const[]){"starttls", "tls", "none", NULL}},
    {"ca", VG_F_TEXT, .max = 8000},
    {NULL},
};
static const vg_field webhook_out[] = {
    {"ca", VG_F_TEXT, .max = 8000},
    {NULL},
};
static const vg_field sms[] = {
    {"unaccented", VG_F_BOOL},
    {NULL},
};
static const vg_field syslog_out[] = {
    {"tls", VG_F_BOOL},
    {"ca", VG_F_TEXT, .max = 8000},
    {NULL},
};

static vg_status fail_option(const char *name, const char *key, vg_err *err)
{
    return vg_fail(err, VG_EINVALID, name, key, "%s", "");
}

// A word that may stand in an address: lower case, digits, hyphen.
static bool is_scope(vg_str s)
{
    for (size_t i = 0; i < s.n; i++) {
        const char ch = s.p[i];
        if (!((ch >= 'a' && ch <= 'z') || (ch >= '0' && ch <= '9') || ch == '-')) {
            return false;
        }
    }
    return true;
}

static vg_status mqtt_fits(vg_arena *a, const vg_args *o, vg_err *err)
{
    vg_link_rule *rules = NULL;
    size_t n = 0;
    const vg_str prefix = vg_arg_str(o, "prefix");
    if (!is_scope(vg_arg_str(o, "scope"))) {
        return fail_option("scope", "links.scope", err);
    }
    if (memchr(prefix.p ? prefix.p : "", '+', prefix.n) ||
        memchr(prefix.p ? prefix.p : "", '#', prefix.n)) {
        return fail_option("prefix", "links.topic", err);
    }
    const bool generic = vg_str_eqc(vg_arg_str(o, "map"), "generic");
    if (generic != vg_arg_has(o, "rules")) {
        return fail_option("rules", generic ? "links.rules_needed" : "links.rules_generic", err);
    }
    return generic ? vg_link_rules(a, vg_arg_str(o, "rules"), &rules, &n, err) : VG_OK;
}

static vg_status csv_fits(vg_arena *a, const vg_args *o, vg_err *err)
{
    vg_link_columns columns;
    return vg_link_columns_parse(a, vg_arg_str(o, "columns"), &columns, err);
}

const links_kind links_kinds[] = {
    {"mqtt", mqtt, true, false, LINKS_HOST, mqtt_fits},
    {"csv", csv, true, false, LINKS_FOLDER, csv_fits},
    {"dc09_out", dc09_out, true, true, LINKS_HOST},
    {"cap_out", cap_out, true, true, LINKS_URL},
    {"smtp", smtp, false, true, LINKS_HOST},
    {"webhook_out", webhook_out, false, true, LINKS_URL},
    {"sms", sms, false, true, LINKS_FOLDER},
    {"syslog", syslog_out, false, true, LINKS_HOST},
    {NULL},
};
const char *const links_kind_names[] = {"mqtt",        "csv", "dc09_out", "cap_out", "smtp",
                                        "webhook_out", "sms", "syslog",   NULL};

const links_kind *links_kind_of(vg_str name)
{
    for (const links_kind *k = links_kinds; k->name; k++) {
        if (vg_str_eqc(name, k->name)) {
            return k;
        }
    }
    return NULL;
}

// "host:port", with the port a number; an IPv6 address stands in brackets.
static bool is_host(vg_str a)
{
    size_t colon = a.n;
    while (colon > 0 && a.p[colon - 1] != ':') {
        colon--;
    }
    int64_t port = 0;
    const vg_str host = {a.p, colon ? colon - 1 : 0};
    const vg_str digits = {a.p + colon, a.n - colon};
    for (size_t i = 0; i < host.n; i++) {
        if (strchr(" /\\@\"'", host.p[i])) {
            return false;
        }
    }
    return host.n > 0 && vg_str_i64(digits, 1, 65535, &port, NULL) == VG_OK;
}

// A folder is named, never reached by a path from a form: DATA/folders/NAME, or what the machine's
// administrator wrote for NAME under [folders] of vonggac.ini.
static bool is_word(vg_str a)
{
    for (size_t i = 0; i < a.n; i++) {
        const char ch = a.p[i];
        if (!((ch >= 'a' && ch <= 'z') || (ch >= '0' && ch <= '9') || ch == '-')) {
            return false;
        }
    }
    return a.n > 0 && a.n <= 40;
}

vg_status links_address_fits(const links_kind *k, vg_str address, vg_err *err)
{
    switch (k->address) {
    case LINKS_HOST:
        return is_host(address) ? VG_OK
                                : vg_fail(err, VG_EINVALID, "address", "links.host_port", "%.*s",
                                          VG_FMT(address));
    case LINKS_URL:
        return vg_str_starts(address, "https://") || vg_str_starts(address, "http://")
                   ? VG_OK
                   : vg_fail(err, VG_EINVALID, "address", "links.url", "%.*s", VG_FMT(address));
    case LINKS_FOLDER:
        return is_word(address)
                   ? VG_OK
                   : vg_fail(err, VG_EINVALID, "address", "links.folder", "%.*s", VG_FMT(address));
    }
    return VG_OK;
}

vg_status links_options_fit(vg_arena *a, const links_kind *k, vg_str options, vg_err *err)
{
    json_t *object = NULL;
    vg_args parsed;
    VG_TRY(vg_json_parse(options.n ? options : VG_S("{}"), OPTIONS_MAX, &object, err));
    vg_status s = vg_args_parse(a, k->options, object, &parsed, err);
    if (s == VG_OK && k->fits) {
        s = k->fits(a, &parsed, err);
    }
    json_decref(object);
    return s;
}
