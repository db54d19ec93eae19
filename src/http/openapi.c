// SPDX-License-Identifier: Apache-2.0
// The document is written once at start, in path order, so that two builds of the same tables give the same
// bytes. What a module declares is what stands here: fields become request schemas, columns become row
// schemas. Shapes of our own few routes (session, node, problem) are literal JSON below. Descriptions are
// technical English, as the format's readers expect; texts for officers are in the catalogue.
#include "http/http_impl.h"

#include "http/device.h"
#include "http/session_routes.h"

typedef struct operation {
    char path[200], method[8];
    http_target target;
} operation;

typedef struct operations {
    operation *v;
    size_t n, cap;
} operations;

static const struct {
    const char *name, *schema;
} SCHEMAS[] = {
    {"Problem", "{\"type\":\"object\",\"description\":\"RFC 9457 problem; title and detail are in "
                "the reader's language.\","
                "\"required\":[\"type\",\"title\",\"status\",\"code\"],\"properties\":{\"type\":{"
                "\"type\":\"string\"},"
                "\"title\":{\"type\":\"string\"},\"status\":{\"type\":\"integer\"},\"detail\":{"
                "\"type\":\"string\"},"
                "\"code\":{\"type\":\"string\"},\"field\":{\"type\":\"string\"},\"key\":{\"type\":"
                "\"string\"},\"reference\":{\"type\":\"string\",\"description\":\"Of a fault "
                "inside the program: the same stands in the node's log.\"}}}"},
    {"Login", "{\"type\":\"object\",\"required\":[\"login\",\"password\"],\"additionalProperties\":"
              "false,\"properties\":{"
              "\"login\":{\"type\":\"string\",\"maxLength\":64},\"password\":{\"type\":\"string\","
              "\"format\":\"password\"},\"code\":{\"type\":\"string\",\"format\":\"password\","
              "\"description\":\"Of the second factor, where there is one: 401 with the key "
              "http.err.login_code asks for it.\"}}}"},
    {"SessionChange",
     "{\"type\":\"object\",\"minProperties\":1,\"additionalProperties\":false,\"properties\":{"
     "\"lang\":{\"type\":\"string\",\"enum\":[\"vi\",\"en\"]},\"world\":{\"type\":\"integer\","
     "\"minimum\":0,\"maximum\":9999,\"description\":\"0 is real, else the number of a drill: what "
     "is "
     "done then is seen in that drill alone, and registers cannot be changed.\"}}}"},
    {"Session",
     "{\"type\":\"object\",\"required\":[\"user\",\"lang\",\"world\",\"csrf\",\"permissions\","
     "\"expires\"],"
     "\"properties\":{"
     "\"user\":{\"type\":\"object\",\"required\":[\"id\",\"name\",\"login\",\"agency\",\"roles\"],"
     "\"properties\":{"
     "\"id\":{\"type\":\"string\"},\"name\":{\"type\":\"string\"},\"login\":{\"type\":\"string\"},"
     "\"agency\":{\"type\":\"string\"},\"factor\":{\"type\":\"boolean\"},\"roles\":{\"type\":"
     "\"array\",\"items\":{\"type\":"
     "\"object\","
     "\"required\":[\"role\",\"site\"],\"properties\":{\"role\":{\"type\":\"string\"},"
     "\"site\":{\"type\":[\"string\",\"null\"]}}}}}},\"lang\":{\"type\":\"string\",\"enum\":["
     "\"vi\",\"en\"]},\"world\":{\"type\":\"integer\"},"
     "\"csrf\":{\"type\":\"string\"},\"permissions\":{\"type\":\"array\",\"items\":{\"type\":"
     "\"string\"}},"
     "\"expires\":{\"type\":\"string\",\"format\":\"date-time\"}}}"},
    {"Node",
     "{\"type\":\"object\",\"required\":[\"name\",\"server_time\",\"demo\",\"logged_in\"],"
     "\"properties\":{\"name\":{\"type\":\"string\"},\"version\":{\"type\":\"string\"},"
     "\"logged_in\":{\"type\":\"boolean\"},"
     "\"profile\":{\"type\":\"string\"},\"boot\":{\"type\":\"string\"},"
     "\"started\":{\"type\":\"string\",\"format\":\"date-time\"},"
     "\"server_time\":{\"type\":\"string\",\"format\":\"date-time\"},\"demo\":{\"type\":"
     "\"boolean\"},"
     "\"health\":{\"type\":\"object\",\"required\":[\"ready\",\"disk_full\"],"
     "\"properties\":{\"ready\":{\"type\":\"boolean\"},\"disk_full\":{\"type\":\"boolean\"},"
     "\"queue_depth\":{\"type\":\"integer\"},\"sync_ms\":{\"type\":\"number\"},"
     "\"wal_bytes\":{\"type\":\"integer\"},\"clock_steps\":{\"type\":\"integer\"}}}}}"},
    {"Ready", "{\"type\":\"object\",\"required\":[\"ready\"],\"properties\":{\"ready\":{\"type\":"
              "\"boolean\"},"
              "\"reason\":{\"type\":\"string\"}}}"},
    {"Sessions",
     "{\"type\":\"object\",\"required\":[\"items\"],\"properties\":{\"items\":{\"type\":\"array\","
     "\"items\":{\"type\":\"object\",\"required\":[\"id\",\"since\",\"seen\",\"expires\","
     "\"address\","
     "\"device\",\"current\"],\"properties\":{\"id\":{\"type\":\"string\"},\"since\":{\"type\":"
     "[\"string\",\"null\"],\"format\":\"date-time\"},\"seen\":{\"type\":\"string\",\"format\":"
     "\"date-time\"},\"expires\":{\"type\":\"string\",\"format\":\"date-time\"},\"address\":{"
     "\"type\":"
     "\"string\"},\"device\":{\"type\":\"string\"},\"current\":{\"type\":\"boolean\"}}}}}}"},
    {"Ended", "{\"type\":\"object\",\"required\":[\"ended\"],\"properties\":{\"ended\":{\"type\":"
              "\"integer\"}}}"},
    {"Done", "{\"type\":\"object\",\"properties\":{\"id\":{\"type\":\"string\"}}}"},
    {"DeviceKey",
     "{\"type\":\"object\",\"required\":[\"code\",\"key\",\"name\"],\"additionalProperties\":false,"
     "\"properties\":{\"code\":{\"type\":\"string\",\"format\":\"password\"},\"key\":{\"type\":"
     "\"string\",\"description\":\"The uncompressed P-256 point, base64url without padding.\"},"
     "\"name\":{\"type\":\"string\",\"maxLength\":60}}}"},
    {"DeviceBound",
     "{\"type\":\"object\",\"required\":[\"id\",\"kind\",\"name\",\"site\",\"site_name\","
     "\"fingerprint\"],\"properties\":{\"id\":{\"type\":\"string\"},\"kind\":{\"type\":\"string\"},"
     "\"name\":{\"type\":\"string\"},\"site\":{\"type\":\"string\"},\"site_name\":{\"type\":"
     "\"string\"},\"fingerprint\":{\"type\":\"string\"}}}"},
    {"Empty", "{\"type\":\"object\"}"},
    {"Waiting",
     "{\"type\":\"object\",\"required\":[\"second_request\"],\"properties\":{\"second_request\":"
     "{\"type\":\"string\"},\"expires\":{\"type\":\"string\",\"format\":\"date-time\"}}}"},
};

// What our own routes take and give: schema names, or a media type with '/'.
static const struct {
    const char *route, *id, *takes, *gives;
} OWN[] = {
    {"POST " HTTP_BASE "/session", "session_open", "Login", "Session"},
    {"GET " HTTP_BASE "/session", "session_get", NULL, "Session"},
    {"PATCH " HTTP_BASE "/session", "session_change", "SessionChange", "Session"},
    {"DELETE " HTTP_BASE "/session", "session_close", NULL, "Empty"},
    {"GET " HTTP_BASE "/sessions", "sessions_list", NULL, "Sessions"},
    {"POST " HTTP_BASE "/sessions/end-others", "sessions_end_others", NULL, "Ended"},
    {"POST " HTTP_BASE "/sessions/{id}/end", "session_end", NULL, "Ended"},
    {"POST " HTTP_BASE "/devices/enrol", "device_enrol", "DeviceKey", "DeviceBound"},
    {"GET " HTTP_BASE "/node", "node_get", NULL, "Node"},
    {"GET " HTTP_BASE "/stream", "stream", NULL, "text/event-stream"},
    {"GET " HTTP_BASE "/events/{id}/image", "event_image", NULL, "image/jpeg"},
    {"GET /readyz", "readyz", NULL, "Ready"},
    {"GET /healthz", "healthz", NULL, "text/plain"},
    {"GET /metrics", "metrics", NULL, "text/plain"},
    {"GET /api/openapi.json", "openapi", NULL, "Empty"},
};

// --- gathering ----------------------------------------------------------------------------------
static void add(operations *o, const char *base, const char *route, const char *tail, http_target t)
{
    if (o->n == o->cap) {
        o->cap = o->cap ? o->cap * 2 : 64;
        o->v = vg_realloc(o->v, o->cap * sizeof *o->v);
    }
    operation *x = &o->v[o->n++];
    const char *space = strchr(route, ' ');
    memset(x, 0, sizeof *x);
    snprintf(x->method, sizeof x->method, "%.*s", (int)(space - route), route);
    for (char *m = x->method; *m; m++) {
        *m = (char)(*m | 0x20);
    }
    snprintf(x->path, sizeof x->path, "%s%s%s", base, space + 1, tail);
    x->target = t;
}

static void add_module(operations *o, const vg_module *m)
{
    char route[160];
    for (const vg_resource *r = m->resources; r && r->name; r++) {
        if (r->path) {
            snprintf(route, sizeof route, "GET %s", r->path);
            add(o, HTTP_BASE, route, "", (http_target){HTTP_T_LIST, r});
            add(o, HTTP_BASE, route, "/{id}", (http_target){HTTP_T_ROW, r});
        }
    }
    for (const vg_query *q = m->queries; q && q->name; q++) {
        add(o, HTTP_BASE, q->route, "", (http_target){HTTP_T_QUERY, q});
    }
    for (const vg_command *c = m->commands; c && c->name; c++) {
        if (c->route) {
            add(o, HTTP_BASE, c->route, "", (http_target){HTTP_T_COMMAND, c});
        }
    }
}

static void add_own(operations *o, const http_own_route *v)
{
    for (; v->route; v++) {
        add(o, "", v->route, "", (http_target){HTTP_T_OWN, v});
    }
}

static int by_path(const void *a, const void *b)
{
    const operation *x = a, *y = b;
    const int c = strcmp(x->path, y->path);
    return c ? c : strcmp(x->method, y->method);
}

static operations gather(const vg_http_raw *raw)
{
    operations o = {0};
    const vg_module *m;
    for (size_t i = 0; (m = vg_module_at(i)); i++) {
        add_module(&o, m);
    }
    add_own(&o, http_session_routes);
    add_own(&o, http_node_routes);
    add_own(&o, http_device_routes);
    for (; raw && raw->route; raw++) {
        add(&o, "", raw->route, "", (http_target){HTTP_T_RAW, raw});
    }
    if (o.n) {
        qsort(o.v, o.n, sizeof *o.v, by_path);
    }
    return o;
}

// --- schemas ------------------------------------------------------------------------------------
static void enum_values(vg_jw *w, const char *const *v)
{
    vg_jw_key(w, "enum");
    vg_jw_open(w, '[');
    for (; v && *v; v++) {
        vg_jw_str(w, vg_str_c(*v));
    }
    vg_jw_close(w, ']');
}

static void field_schema(vg_jw *w, const vg_field *f)
{
    static const char *const types[] = {
        [VG_F_TEXT] = "string",   [VG_F_ID] = "string",   [VG_F_INT] = "integer",
        [VG_F_BOOL] = "boolean",  [VG_F_TIME] = "string", [VG_F_ENUM] = "string",
        [VG_F_SECRET] = "string", [VG_F_JSON] = NULL,
    };
    vg_jw_open(w, '{');
    vg_jw_kz(w, "type", types[f->type]);
    if (f->type == VG_F_TEXT) {
        vg_jw_ki64(w, "maxLength", f->max ? f->max : 200);
    } else if (f->type == VG_F_ID) {
        vg_jw_kz(w, "pattern", "^[0-9a-hjkmnp-tv-z]{16}$");
    } else if (f->type == VG_F_INT && (f->min || f->max)) {
        vg_jw_ki64(w, "minimum", f->min);
        vg_jw_ki64(w, "maximum", f->max);
    } else if (f->type == VG_F_TIME) {
        vg_jw_kz(w, "format", "date-time");
    } else if (f->type == VG_F_SECRET) {
        vg_jw_kz(w, "format", "password");
    } else if (f->type == VG_F_ENUM) {
        enum_values(w, f->values);
    }
    vg_jw_kz(w, "x-law", f->law);  // entries of /law-refs and /law-articles
    vg_jw_close(w, '}');
}

static void col_schema(vg_jw *w, const vg_col *c, bool is_id)
{
    static const char *const types[] = {
        [VG_COL_TEXT] = "string", [VG_COL_INT] = "integer",  [VG_COL_BOOL] = "boolean",
        [VG_COL_TIME] = "string", [VG_COL_EVENT] = "string", [VG_COL_BODY] = NULL,
    };
    vg_jw_open(w, '{');
    if (is_id) {
        vg_jw_kz(w, "type", types[c->type]);
    } else if (types[c->type]) {
        vg_jw_key(w, "type");
        vg_jw_open(w, '[');
        vg_jw_str(w, vg_str_c(types[c->type]));
        vg_jw_str(w, VG_S("null"));
        vg_jw_close(w, ']');
    }
    if (c->type == VG_COL_TIME) {
        vg_jw_kz(w, "format", "date-time");
    }
    vg_jw_close(w, '}');
}

static void row_schema(vg_jw *w, const vg_resource *r)
{
    vg_jw_key(w, r->name);
    vg_jw_open(w, '{');
    vg_jw_kz(w, "type", "object");
    vg_jw_key(w, "required");
    vg_jw_open(w, '[');
    for (const vg_col *c = r->cols; c->name; c++) {
        vg_jw_str(w, vg_str_c(c->name));
    }
    vg_jw_close(w, ']');
    vg_jw_key(w, "properties");
    vg_jw_open(w, '{');
    for (const vg_col *c = r->cols; c->name; c++) {
        vg_jw_key(w, c->name);
        col_schema(w, c, c == r->cols);
    }
    vg_jw_close(w, '}');
    vg_jw_close(w, '}');
}

static void ref(vg_jw *w, const char *kind, const char *name)
{
    char text[120];
    snprintf(text, sizeof text, "#/components/%s/%s", kind, name);
    vg_jw_open(w, '{');
    vg_jw_kz(w, "$ref", text);
    vg_jw_close(w, '}');
}

static void content_ref(vg_jw *w, const char *type, const char *schema)
{
    vg_jw_key(w, "content");
    vg_jw_open(w, '{');
    vg_jw_key(w, type);
    vg_jw_open(w, '{');
    vg_jw_key(w, "schema");
    ref(w, "schemas", schema);
    vg_jw_close(w, '}');
    vg_jw_close(w, '}');
}

static void content_raw(vg_jw *w, const char *type, const char *schema)
{
    vg_jw_key(w, "content");
    vg_jw_open(w, '{');
    vg_jw_key(w, type);
    vg_jw_open(w, '{');
    vg_jw_kraw(w, "schema", vg_str_c(schema));
    vg_jw_close(w, '}');
    vg_jw_close(w, '}');
}

// --- parameters ---------------------------------------------------------------------------------
static const vg_field *field_named(const vg_field *f, const char *name, size_t n)
{
    for (; f && f->name; f++) {
        if (strlen(f->name) == n && memcmp(f->name, name, n) == 0) {
            return f;
        }
    }
    return NULL;
}

static void parameter(vg_jw *w, vg_str name, const char *in, bool required, const vg_field *f)
{
    static const vg_field plain = {.type = VG_F_TEXT};
    vg_jw_open(w, '{');
    vg_jw_kstr(w, "name", name);
    vg_jw_kz(w, "in", in);
    vg_jw_kbool(w, "required", required);
    vg_jw_key(w, "schema");
    field_schema(w, f ? f : &plain);
    vg_jw_close(w, '}');
}

static void path_parameters(vg_jw *w, const operation *o, const vg_field *fields)
{
    for (const char *p = strchr(o->path, '{'); p; p = strchr(p + 1, '{')) {
        const size_t n = strcspn(p + 1, "}");
        parameter(w, (vg_str){p + 1, n}, "path", true, field_named(fields, p + 1, n));
    }
}

static bool in_path(const operation *o, const char *name)
{
    char want[64];
    snprintf(want, sizeof want, "{%s}", name);
    return strstr(o->path, want) != NULL;
}

static void list_parameters(vg_jw *w, const vg_resource *r)
{
    static const vg_field limit = {.type = VG_F_INT, .min = 1, .max = 500};
    parameter(w, VG_S("limit"), "query", false, &limit);
    parameter(w, VG_S("cursor"), "query", false, NULL);
    static const char *const formats[] = {"csv", "xlsx", NULL};
    static const vg_field format = {.type = VG_F_ENUM, .values = formats};
    parameter(w, VG_S("format"), "query", false, &format);
    for (const vg_filter *f = r->filters; f && f->param; f++) {
        // an enumeration's values are not declared for filters: any text is accepted
        const vg_field as = {.type =
                                 f->type == VG_F_ENUM || f->type == VG_F_ID ? VG_F_TEXT : f->type};
        parameter(w, vg_str_c(f->param), "query", false, &as);
    }
}

static const vg_field *fields_of(const http_target *t)
{
    return t->kind == HTTP_T_COMMAND ? ((const vg_command *)t->what)->fields
           : t->kind == HTTP_T_QUERY ? ((const vg_query *)t->what)->fields
                                     : NULL;
}

static void parameters(vg_jw *w, const operation *o)
{
    const vg_field *fields = fields_of(&o->target);
    vg_jw_key(w, "parameters");
    vg_jw_open(w, '[');
    path_parameters(w, o, fields);
    if (o->target.kind == HTTP_T_LIST) {
        list_parameters(w, o->target.what);
    } else if (o->target.kind == HTTP_T_QUERY) {
        for (const vg_field *f = fields; f && f->name; f++) {
            if (!in_path(o, f->name)) {
                parameter(w, vg_str_c(f->name), "query", (f->flags & VG_REQUIRED) != 0, f);
            }
        }
    } else if (o->target.kind == HTTP_T_COMMAND) {
        parameter(w, VG_S("Idempotency-Key"), "header", false, NULL);
        parameter(w, VG_S("If-Match"), "header", false, NULL);
    }
    vg_jw_close(w, ']');
}

// --- bodies and answers -------------------------------------------------------------------------
static void command_body(vg_jw *w, const operation *o)
{
    const vg_field *fields = fields_of(&o->target);
    size_t required = 0;
    vg_jw_key(w, "requestBody");
    vg_jw_open(w, '{');
    vg_jw_key(w, "content");
    vg_jw_open(w, '{');
    vg_jw_key(w, "application/json");
    vg_jw_open(w, '{');
    vg_jw_key(w, "schema");
    vg_jw_open(w, '{');
    vg_jw_kz(w, "type", "object");
    vg_jw_kbool(w, "additionalProperties", false);
    vg_jw_key(w, "required");
    vg_jw_open(w, '[');
    for (const vg_field *f = fields; f && f->name; f++) {
        if ((f->flags & (VG_REQUIRED | VG_IN_PATH)) && !in_path(o, f->name)) {
            vg_jw_str(w, vg_str_c(f->name));
            required++;
        }
    }
    vg_jw_close(w, ']');
    vg_jw_key(w, "properties");
    vg_jw_open(w, '{');
    for (const vg_field *f = fields; f && f->name; f++) {
        if (!in_path(o, f->name)) {
            vg_jw_key(w, f->name);
            field_schema(w, f);
        }
    }
    for (int i = 0; i < 4; i++) {  // properties, schema, media type, content
        vg_jw_close(w, '}');
    }
    vg_jw_kbool(w, "required", required > 0);
    vg_jw_close(w, '}');
}

static void own_body(vg_jw *w, const char *schema)
{
    vg_jw_key(w, "requestBody");
    vg_jw_open(w, '{');
    content_ref(w, "application/json", schema);
    vg_jw_kbool(w, "required", true);
    vg_jw_close(w, '}');
}

static void list_answer(vg_jw *w, const vg_resource *r)
{
    char schema[400];
    snprintf(schema, sizeof schema,
             "{\"type\":\"object\",\"required\":[\"items\",\"total\",\"next\"],\"properties\":{"
             "\"items\":{\"type\":\"array\","
             "\"items\":{\"$ref\":\"#/components/schemas/%s\"}},\"total\":{\"type\":\"integer\"},"
             "\"next\":{\"type\":[\"string\",\"null\"]}}}",
             r->name);
    content_raw(w, "application/json", schema);
}

static size_t own_index(const http_own_route *r)
{
    size_t i = 0;
    while (i < VG_LEN(OWN) && strcmp(OWN[i].route, r->route) != 0) {
        i++;
    }
    return i;
}

static void answer(vg_jw *w, const http_target *t)
{
    vg_jw_kz(w, "description", "OK");
    if (t->kind == HTTP_T_LIST) {
        list_answer(w, t->what);
    } else if (t->kind == HTTP_T_ROW) {
        content_ref(w, "application/json", ((const vg_resource *)t->what)->name);
    } else if (t->kind == HTTP_T_COMMAND) {
        content_ref(w, "application/json", "Done");
    } else if (t->kind == HTTP_T_QUERY) {
        content_raw(w, "application/json", "{\"type\":\"object\",\"additionalProperties\":true}");
    } else if (t->kind == HTTP_T_OWN && own_index(t->what) < VG_LEN(OWN)) {
        const char *gives = OWN[own_index(t->what)].gives;
        if (strchr(gives, '/')) {
            content_raw(w, gives, "{\"type\":\"string\"}");
        } else {
            content_ref(w, "application/json", gives);
        }
    }
}

static void responses(vg_jw *w, const operation *o)
{
    vg_jw_key(w, "responses");
    vg_jw_open(w, '{');
    vg_jw_key(w, "200");
    vg_jw_open(w, '{');
    answer(w, &o->target);
    vg_jw_close(w, '}');
    if (o->target.kind == HTTP_T_COMMAND && ((const vg_command *)o->target.what)->second) {
        vg_jw_key(w, "202");
        vg_jw_open(w, '{');
        vg_jw_kz(w, "description", "Not done: waits for a second person");
        content_ref(w, "application/json", "Waiting");
        vg_jw_close(w, '}');
    }
    vg_jw_key(w, "4XX");
    ref(w, "responses", "Problem");
    vg_jw_key(w, "5XX");
    ref(w, "responses", "Problem");
    vg_jw_close(w, '}');
}

// --- operations ---------------------------------------------------------------------------------
static void operation_id(char out[260], const operation *o)
{
    const http_target *t = &o->target;
    const void *what = t->what;
    if (t->kind == HTTP_T_LIST || t->kind == HTTP_T_ROW) {
        snprintf(out, 260, "%s_%s", ((const vg_resource *)what)->name,
                 t->kind == HTTP_T_LIST ? "list" : "get");
    } else if (t->kind == HTTP_T_QUERY) {
        snprintf(out, 260, "%s", ((const vg_query *)what)->name);
    } else if (t->kind == HTTP_T_COMMAND) {
        snprintf(out, 260, "%s", ((const vg_command *)what)->name);
    } else if (t->kind == HTTP_T_OWN && own_index(what) < VG_LEN(OWN)) {
        snprintf(out, 260, "%s", OWN[own_index(what)].id);
    } else {
        snprintf(out, 260, "%s%s", o->method, o->path);
    }
    for (char *p = out; *p; p++) {
        const char low = (char)(*p | 0x20);
        *p = (low >= 'a' && low <= 'z') || (*p >= '0' && *p <= '9') ? *p : '_';
    }
}

static void write_operation(vg_jw *w, const operation *o)
{
    char id[260];
    const char *permission = http_permission_of(&o->target);
    operation_id(id, o);
    vg_jw_key(w, o->method);
    vg_jw_open(w, '{');
    vg_jw_kz(w, "operationId", id);
    vg_jw_kz(w, "summary", id);
    if (permission && *permission) {
        vg_jw_kz(w, "x-permission", permission);
    }
    if (!permission) {
        vg_jw_kraw(w, "security", VG_S("[]"));
    }
    parameters(w, o);
    if (o->target.kind == HTTP_T_COMMAND) {
        command_body(w, o);
    } else if (o->target.kind == HTTP_T_OWN && own_index(o->target.what) < VG_LEN(OWN) &&
               OWN[own_index(o->target.what)].takes) {
        own_body(w, OWN[own_index(o->target.what)].takes);
    }
    responses(w, o);
    vg_jw_close(w, '}');
}

static void write_paths(vg_jw *w, const operations *o)
{
    vg_jw_key(w, "paths");
    vg_jw_open(w, '{');
    for (size_t i = 0; i < o->n; i++) {
        if (i == 0 || strcmp(o->v[i].path, o->v[i - 1].path) != 0) {
            vg_jw_key(w, o->v[i].path);
            vg_jw_open(w, '{');
        }
        write_operation(w, &o->v[i]);
        if (i + 1 == o->n || strcmp(o->v[i].path, o->v[i + 1].path) != 0) {
            vg_jw_close(w, '}');
        }
    }
    vg_jw_close(w, '}');
}

static void write_components(vg_jw *w)
{
    const vg_module *m;
    vg_jw_key(w, "components");
    vg_jw_open(w, '{');
    vg_jw_kraw(
        w, "securitySchemes",
        VG_S("{\"session\":{\"type\":\"apiKey\",\"in\":\"cookie\",\"name\":\"vg_session\","
             "\"description\":\"With X-CSRF-Token on everything but GET.\"},"
             "\"bearer\":{\"type\":\"http\",\"scheme\":\"bearer\"},"
             "\"device\":{\"type\":\"http\",\"scheme\":\"Device\",\"description\":\"Signed by the "
             "key bound to a device account (ADR 0028).\"}}"));
    vg_jw_kraw(w, "responses",
               VG_S("{\"Problem\":{\"description\":\"Problem\",\"content\":{\"application/"
                    "problem+json\":{\"schema\":"
                    "{\"$ref\":\"#/components/schemas/Problem\"}}}}}"));
    vg_jw_key(w, "schemas");
    vg_jw_open(w, '{');
    for (size_t i = 0; i < VG_LEN(SCHEMAS); i++) {
        vg_jw_kraw(w, SCHEMAS[i].name, vg_str_c(SCHEMAS[i].schema));
    }
    for (size_t i = 0; (m = vg_module_at(i)); i++) {
        for (const vg_resource *r = m->resources; r && r->name; r++) {
            row_schema(w, r);
        }
    }
    vg_jw_close(w, '}');
    vg_jw_close(w, '}');
}

void vg_http_openapi(const vg_http_raw *raw, vg_buf *ret)
{
    operations o = gather(raw);
    vg_buf_init(ret, 16 << 20);
    vg_jw w = vg_jw_on(ret);
    vg_jw_open(&w, '{');
    vg_jw_kz(&w, "openapi", "3.1.0");
    vg_jw_kraw(&w, "info",
               VG_S("{\"title\":\"vonggac\",\"summary\":\"Protection of key "
                    "sites\",\"version\":\"" VG_VERSION
                    "\",\"license\":{\"name\":\"Apache-2.0\",\"identifier\":\"Apache-2.0\"}}"));
    vg_jw_kraw(&w, "servers", VG_S("[{\"url\":\"/\"}]"));
    vg_jw_kraw(&w, "security", VG_S("[{\"session\":[]},{\"bearer\":[]},{\"device\":[]}]"));
    write_paths(&w, &o);
    write_components(&w);
    vg_jw_close(&w, '}');
    free(o.v);
}
