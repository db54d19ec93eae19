// SPDX-License-Identifier: Apache-2.0
// Templates: shipped inside the program or an agency's own, each version a row that never changes, because a run
// must show tomorrow what was asked today. A newer version retires the one before it; runs under way go on with
// theirs. The event carries the YAML as it was written and, for screens, the same as JSON.
#include "domain/checklists/checklists.h"

#include "base/log.h"
#include "core/core.h"

#include <assert.h>

enum { FACTS_MAX = 256 };

extern const vg_embedded vg_shipped_checklists[];

const vg_field checklists_publish_fields[] = {
    {"yaml", VG_F_TEXT, VG_REQUIRED, .max = 20000},
    {NULL},
};
const vg_field checklists_ship_fields[] = {
    {"file", VG_F_TEXT, VG_REQUIRED},
    {NULL},
};
const vg_field checklists_id_fields[] = {
    {"id", VG_F_ID, VG_IN_PATH},
    {NULL},
};

static vg_status read_spec(vg_cx *cx, const char *file, vg_str yaml, const spec **ret, vg_err *err)
{
    vg_xname *facts = vg_arena_get(cx->arena, FACTS_MAX * sizeof *facts);
    if (!facts) {
        return vg_fail(err, VG_ETOOBIG, "", NULL, "facts");
    }
    return spec_read(cx->arena, file, yaml, facts, vg_fact_names(facts, FACTS_MAX), ret, err);
}

vg_status checklists_template(vg_cx *cx, vg_str id, const spec **ret, vg_err *err)
{
    vg_str c[2];
    VG_TRY(vg_look(cx, "SELECT source, code FROM checklist_template WHERE id = ?", id, c, 2, err));
    return read_spec(cx, vg_str_z(cx->arena, c[1]), c[0], ret, err);
}

static vg_status last_version(vg_cx *cx, const char *agency, const char *code, int64_t *ret,
                              vg_err *err)
{
    return vg_one_i64(cx->db,
                      "SELECT max(version) FROM checklist_template WHERE agency = ? AND code = ?",
                      VG_VALS(vg_z(agency), vg_z(code)), 0, ret, err);
}

static vg_status publish(vg_cx *cx, const spec *s, vg_str yaml, const char *agency, vg_err *err)
{
    char id[VG_ID_TEXT];
    int64_t version = 0;
    int32_t label = 0;
    assert(s);
    VG_TRY(last_version(cx, agency, s->code, &version, err));
    VG_TRY(vg_label_of(cx, agency, VG_C_SHARED, "", VG_S_NORMAL, &label, err));
    vg_new_id(cx, id);
    vg_body(cx);
    vg_jw_kz(&cx->body, "code", s->code);
    vg_jw_ki64(&cx->body, "version", version + 1);
    vg_jw_kz(&cx->body, "agency", agency);
    vg_jw_kz(&cx->body, "title_vi", s->title);
    vg_jw_kz(&cx->body, "title_en", s->title_en);
    vg_jw_kz(&cx->body, "kind", s->kind);
    vg_jw_kz(&cx->body, "place", s->place);
    vg_jw_ki64(&cx->body, "signs", s->signs);
    vg_jw_ki64(&cx->body, "within_s", s->within_us / 1000000);
    vg_jw_kstr(&cx->body, "source", yaml);
    vg_jw_key(&cx->body, "spec");
    spec_json(s, &cx->body);
    vg_jw_kz(&cx->body, "by", cx->who->user);
    VG_TRY(vg_say(cx, &(vg_saying){"checklists.template_published", "", id, label}, err));
    vg_jw_kz(&cx->reply, "id", id);
    vg_jw_ki64(&cx->reply, "version", version + 1);
    return VG_OK;
}

VG_HANDLER(checklists_publish)
{
    const spec *s = NULL;
    const vg_str yaml = vg_arg_str(args, "yaml");
    VG_TRY(read_spec(cx, "yaml", yaml, &s, err));
    return publish(cx, s, yaml, cx->who->agency, err);
}

VG_HANDLER(checklists_ship)
{
    const spec *s = NULL;
    vg_str last = {"", 0};
    for (const vg_embedded *f = vg_shipped_checklists; f->name; f++) {
        const vg_str yaml = {(const char *)f->data, f->size};
        if (!vg_str_eqc(vg_arg_str(args, "file"), f->name)) {
            continue;
        }
        VG_TRY(read_spec(cx, f->name, yaml, &s, err));
        assert(s);
        const vg_status st = vg_look(cx,
                                     "SELECT source FROM checklist_template WHERE code = ?"
                                     " AND agency = '' ORDER BY version DESC LIMIT 1",
                                     vg_str_c(s->code), &last, 1, NULL);
        return st == VG_OK && vg_str_eq(last, yaml) ? VG_OK : publish(cx, s, yaml, "", err);
    }
    return vg_fail(err, VG_ENOTFOUND, "file", NULL, "%.*s", VG_FMT(vg_arg_str(args, "file")));
}

vg_status checklists_start(vg_core *core, void **ret_state, vg_err *err)
{
    (void)err;
    *ret_state = NULL;
    for (const vg_embedded *f = vg_shipped_checklists; f->name; f++) {
        char args[300];
        snprintf(args, sizeof args, "{\"file\":\"%s\"}", f->name);
        vg_command_call call = {.name = "checklists.ship",
                                .args = vg_str_c(args),
                                .who = vg_core_system(),
                                .id = vg_cmd_random()};
        vg_core_run(core, &call);
        vg_buf_done(&call.reply);
        if (call.st != VG_OK) {
            vg_log(VG_ERROR, "checklists.not_shipped", "file=%s key=%s detail=\"%s\"", f->name,
                   call.err.key ? call.err.key : "", call.err.detail);
        }
    }
    return VG_OK;
}

VG_FOLDER(checklists_on_published)
{
    VG_TRY(vg_put(ap, e,
                  "UPDATE checklist_template SET state = 'retired' WHERE agency = ? AND code = ?",
                  "agency code", err));
    return vg_put(ap, e,
                  "INSERT INTO checklist_template (id, code, version, agency, title_vi, title_en,"
                  " kind, place, signs, within_s, source, spec, by_user, at, label, world)"
                  " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                  "@subject code version agency title_vi title_en kind place signs within_s source"
                  " spec by @at @label @world",
                  err);
}

VG_HANDLER(checklists_retire)
{
    vg_str c[4];
    const vg_str id = vg_arg_str(args, "id");
    VG_TRY(vg_look(cx, "SELECT agency, state, label, code FROM checklist_template WHERE id = ?", id,
                   c, 4, err));
    VG_TRY(vg_seen(cx, (int32_t)vg_int(c[2]), "id", err));
    const bool own = c[0].n && vg_str_eqc(c[0], cx->who->agency);
    if (!own && cx->who->kind != VG_P_LOCAL) {
        return vg_fail(err, VG_EDENIED, "id", "checklists.not_own", "%.*s", VG_FMT(c[3]));
    }
    if (!vg_str_eqc(c[1], "active")) {
        return vg_fail(err, VG_ECONFLICT, "id", "checklists.retired", "%.*s", VG_FMT(c[3]));
    }
    vg_body(cx);
    vg_jw_kz(&cx->body, "by", cx->who->user);
    const char *z = vg_str_z(cx->arena, id);
    VG_TRY(
        vg_say(cx, &(vg_saying){"checklists.template_retired", "", z, (int32_t)vg_int(c[2])}, err));
    vg_jw_kz(&cx->reply, "id", z);
    return VG_OK;
}

VG_FOLDER(checklists_on_retired)
{
    return vg_put(ap, e, "UPDATE checklist_template SET state = 'retired' WHERE id = ?", "@subject",
                  err);
}
