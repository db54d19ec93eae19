// SPDX-License-Identifier: Apache-2.0
// The schema of CAP 1.2 as a table of elements in their order, each with how often it may stand and what may
// stand in it, and then the rules of the standard's text that a schema cannot say. The table is small enough
// to be read against the standard; a test holds its verdicts against xmllint's where samples are present.
#include "ingest/cap/cap.h"

#include "base/clock.h"

static const char NS[] = "urn:oasis:names:tc:emergency:cap:1.2";
static const char OLD_NS[] =
    "urn:oasis:names:tc:emergency:cap:1.1";  // the same elements, still met
static const char SIGNATURE_NS[] = "http://www.w3.org/2000/09/xmldsig#";

typedef enum kind { TEXT, TIME, ONE_OF, NUMBER, INSIDE } kind;

typedef struct element {
    const char *name;  // NULL ends a list
    bool needed, many;
    kind kind;
    const char *const *values;      // ONE_OF
    const struct element *content;  // INSIDE
} element;

static const char *const STATUS[] = {"Actual", "Exercise", "System", "Test", "Draft", NULL};
static const char *const TYPE[] = {"Alert", "Update", "Cancel", "Ack", "Error", NULL};
static const char *const SCOPE[] = {"Public", "Restricted", "Private", NULL};
static const char *const CATEGORY[] = {"Geo",   "Met",    "Safety", "Security",  "Rescue",
                                       "Fire",  "Health", "Env",    "Transport", "Infra",
                                       "CBRNE", "Other",  NULL};
static const char *const RESPONSE[] = {"Shelter", "Evacuate", "Prepare",  "Execute", "Avoid",
                                       "Monitor", "Assess",   "AllClear", "None",    NULL};
static const char *const URGENCY[] = {"Immediate", "Expected", "Future", "Past", "Unknown", NULL};
static const char *const SEVERITY[] = {"Extreme", "Severe", "Moderate", "Minor", "Unknown", NULL};
static const char *const CERTAINTY[] = {"Observed", "Likely",  "Possible",
                                        "Unlikely", "Unknown", NULL};

static const element PAIR[] = {
    {"valueName", true, false, TEXT}, {"value", true, false, TEXT}, {NULL}};
static const element RESOURCE[] = {
    {"resourceDesc", true, false, TEXT},
    {"mimeType", true, false, TEXT},
    {"size", false, false, NUMBER},
    {"uri", false, false, TEXT},
    {"derefUri", false, false, TEXT},
    {"digest", false, false, TEXT},
    {NULL},
};
static const element AREA[] = {
    {"areaDesc", true, false, TEXT},
    {"polygon", false, true, TEXT},
    {"circle", false, true, TEXT},
    {"geocode", false, true, INSIDE, .content = PAIR},
    {"altitude", false, false, NUMBER},
    {"ceiling", false, false, NUMBER},
    {NULL},
};
static const element INFO[] = {
    {"language", false, false, TEXT},
    {"category", true, true, ONE_OF, CATEGORY},
    {"event", true, false, TEXT},
    {"responseType", false, true, ONE_OF, RESPONSE},
    {"urgency", true, false, ONE_OF, URGENCY},
    {"severity", true, false, ONE_OF, SEVERITY},
    {"certainty", true, false, ONE_OF, CERTAINTY},
    {"audience", false, false, TEXT},
    {"eventCode", false, true, INSIDE, .content = PAIR},
    {"effective", false, false, TIME},
    {"onset", false, false, TIME},
    {"expires", false, false, TIME},
    {"senderName", false, false, TEXT},
    {"headline", false, false, TEXT},
    {"description", false, false, TEXT},
    {"instruction", false, false, TEXT},
    {"web", false, false, TEXT},
    {"contact", false, false, TEXT},
    {"parameter", false, true, INSIDE, .content = PAIR},
    {"resource", false, true, INSIDE, .content = RESOURCE},
    {"area", false, true, INSIDE, .content = AREA},
    {NULL},
};
static const element ALERT[] = {
    {"identifier", true, false, TEXT},
    {"sender", true, false, TEXT},
    {"sent", true, false, TIME},
    {"status", true, false, ONE_OF, STATUS},
    {"msgType", true, false, ONE_OF, TYPE},
    {"source", false, false, TEXT},
    {"scope", true, false, ONE_OF, SCOPE},
    {"restriction", false, false, TEXT},
    {"addresses", false, false, TEXT},
    {"code", false, true, TEXT},
    {"note", false, false, TEXT},
    {"references", false, false, TEXT},
    {"incidents", false, false, TEXT},
    {"info", false, true, INSIDE, .content = INFO},
    {NULL},
};

static int place(const char *const *values, vg_str v)
{
    for (int i = 0; values[i]; i++) {
        if (vg_str_eqc(v, values[i])) {
            return i;
        }
    }
    return -1;
}

int cap_place(const char *name, vg_str value)
{
    static const element *const lists[] = {ALERT, INFO};
    for (size_t i = 0; i < VG_LEN(lists); i++) {
        for (const element *e = lists[i]; e->name; e++) {
            if (e->values && strcmp(e->name, name) == 0) {
                return place(e->values, value);
            }
        }
    }
    return -1;
}

bool cap_time(vg_str s, int64_t *ret_us)
{
    static const char shape[] = "dddd-dd-ddTdd:dd:dd?dd:dd";
    if (s.n != sizeof shape - 1 || (s.p[19] != '+' && s.p[19] != '-')) {
        return false;
    }
    for (size_t i = 0; i < s.n; i++) {
        const bool digit = s.p[i] >= '0' && s.p[i] <= '9';
        if (shape[i] == 'd' ? !digit : shape[i] != '?' && s.p[i] != shape[i]) {
            return false;
        }
    }
    return vg_time_parse(s, ret_us, NULL) == VG_OK;
}

static bool is_number(vg_str s)
{
    size_t i = s.n && (s.p[0] == '-' || s.p[0] == '+'), digits = 0, dots = 0;
    for (; i < s.n; i++) {
        digits += s.p[i] >= '0' && s.p[i] <= '9';
        dots += s.p[i] == '.';
    }
    return digits > 0 && dots <= 1 && digits + dots + (s.p[0] == '-' || s.p[0] == '+') == s.n;
}

static vg_status wrong(vg_err *err, const char *name, const char *key, vg_str detail)
{
    return vg_fail(err, VG_EINVALID, name, key, "%s %.*s", name,
                   (int)(detail.n < 80 ? detail.n : 80), detail.n ? detail.p : "");
}

// Depth is the table's own: four lists at most.
// NOLINTNEXTLINE(misc-no-recursion)
static vg_status check_list(const vg_xml *parent, const element *list, vg_err *err);

// NOLINTNEXTLINE(misc-no-recursion)
static vg_status check_one(const vg_xml *n, const element *e, vg_err *err)
{
    int64_t t = 0;
    const vg_str text = vg_str_trim(n->text);
    switch (e->kind) {
    case TEXT:
        return n->child ? wrong(err, e->name, "cap.no_children", (vg_str){"", 0}) : VG_OK;
    case TIME:
        return cap_time(text, &t) ? VG_OK : wrong(err, e->name, "cap.time", text);
    case ONE_OF:
        return place(e->values, text) >= 0 ? VG_OK : wrong(err, e->name, "cap.value", text);
    case NUMBER:
        return is_number(text) ? VG_OK : wrong(err, e->name, "cap.value", text);
    case INSIDE:
        return check_list(n, e->content, err);
    }
    return VG_OK;
}

// NOLINTNEXTLINE(misc-no-recursion)
static vg_status check_list(const vg_xml *parent, const element *list, vg_err *err)
{
    const vg_xml *n = parent->child;
    for (const element *e = list; e->name; e++) {
        size_t times = 0;
        while (n && vg_str_eq(n->ns, parent->ns) && vg_str_eqc(n->name, e->name) &&
               (e->many || !times)) {
            VG_TRY(check_one(n, e, err));
            n = n->next;
            times++;
        }
        if (e->needed && !times) {
            return wrong(err, e->name, "cap.missing", (vg_str){"", 0});
        }
    }
    while (n && list == ALERT && vg_str_eqc(n->ns, SIGNATURE_NS)) {
        n = n->next;  // a signature may follow; it is not verified here
    }
    return n ? vg_fail(err, VG_EINVALID, "", "cap.unexpected", "%.*s", VG_FMT(n->name)) : VG_OK;
}

// --- what the schema cannot say -----------------------------------------------------------------
static bool next_word(vg_str *rest, vg_str *word)
{
    *rest = vg_str_trim(*rest);
    size_t n = 0;
    while (n < rest->n && !strchr(" \t\r\n", rest->p[n])) {
        n++;
    }
    *word = (vg_str){rest->p, n};
    *rest = (vg_str){rest->p + n, rest->n - n};
    return n > 0;
}

static bool is_pair(vg_str w)
{
    const char *comma = memchr(w.p, ',', w.n);
    return comma && is_number((vg_str){w.p, (size_t)(comma - w.p)}) &&
           is_number((vg_str){comma + 1, w.n - (size_t)(comma - w.p) - 1});
}

static bool polygon_closed(vg_str s)
{
    vg_str first = {"", 0}, last = {"", 0}, w;
    size_t n = 0;
    for (; next_word(&s, &w); n++) {
        if (!is_pair(w)) {
            return false;
        }
        first = n ? first : w;
        last = w;
    }
    return n >= 4 && vg_str_eq(first, last);
}

static bool circle_sound(vg_str s)
{
    vg_str point, radius, more;
    return next_word(&s, &point) && is_pair(point) && next_word(&s, &radius) && is_number(radius) &&
           !next_word(&s, &more);
}

static bool references_sound(vg_str s)
{
    vg_str w;
    while (next_word(&s, &w)) {
        size_t commas = 0;
        for (size_t i = 0; i < w.n; i++) {
            commas += w.p[i] == ',';
        }
        if (commas != 2) {
            return false;
        }
    }
    return true;
}

static bool name_sound(vg_str s)
{
    for (size_t i = 0; i < s.n; i++) {
        if (strchr(" ,<&\t\r\n", s.p[i])) {
            return false;
        }
    }
    return s.n > 0;
}

static vg_status check_areas(const vg_xml *info, vg_err *err)
{
    for (const vg_xml *area = vg_xml_child(info, "area"); area; area = vg_xml_next(area, "area")) {
        for (const vg_xml *n = area->child; n; n = n->next) {
            const bool sound = vg_str_eqc(n->name, "polygon")  ? polygon_closed(n->text)
                               : vg_str_eqc(n->name, "circle") ? circle_sound(n->text)
                                                               : true;
            if (!sound) {
                return vg_fail(err, VG_EINVALID, "area", "cap.shape", "%.*s", VG_FMT(n->name));
            }
        }
    }
    return VG_OK;
}

static vg_status check_rules(const vg_xml *root, vg_err *err)
{
    const vg_str scope = vg_xml_text(root, "scope"), type = vg_xml_text(root, "msgType"),
                 references = vg_xml_text(root, "references");
    const bool answers = !vg_str_eqc(type, "Alert");
    const struct {
        const char *field;
        bool ok;
    } rules[] = {
        {"identifier", name_sound(vg_xml_text(root, "identifier"))},
        {"sender", name_sound(vg_xml_text(root, "sender"))},
        {"restriction",
         vg_str_eqc(scope, "Restricted") == (vg_xml_text(root, "restriction").n > 0)},
        {"addresses", !vg_str_eqc(scope, "Private") || vg_xml_text(root, "addresses").n > 0},
        {"references", references_sound(references) && (!answers || references.n > 0)},
    };
    for (size_t i = 0; i < VG_LEN(rules); i++) {
        if (!rules[i].ok) {
            return wrong(err, rules[i].field, "cap.rule", (vg_str){"", 0});
        }
    }
    for (const vg_xml *n = vg_xml_child(root, "info"); n; n = vg_xml_next(n, "info")) {
        VG_TRY(check_areas(n, err));
    }
    return VG_OK;
}

vg_status cap_check(const vg_xml *root, vg_err *err)
{
    if (!vg_str_eqc(root->name, "alert") ||
        (!vg_str_eqc(root->ns, NS) && !vg_str_eqc(root->ns, OLD_NS))) {
        return vg_fail(err, VG_EINVALID, "", "cap.not_cap", "%.*s", VG_FMT(root->name));
    }
    VG_TRY(check_list(root, ALERT, err));
    return check_rules(root, err);
}
