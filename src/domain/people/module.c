// SPDX-License-Identifier: Apache-2.0
// The people module as tables. Duty (who stands where and when) is another module's matter.
#include "domain/people/people.h"

extern const vg_embedded vg_sql_people[];
extern const vg_module vg_module_people;

static const vg_table tables[] = {
    {"force_type", VG_PROJECTION, true}, {"unit", VG_PROJECTION},
    {"person", VG_PROJECTION},           {"person_card", VG_VOLATILE},
    {"person_lookup", VG_PROJECTION},    {NULL},
};

static const vg_event_def events[] = {
    {"people.unit_added", 1, people_on_unit_added},
    {"people.unit_changed", 1, people_on_unit_changed},
    {"people.unit_withdrawn", 1, people_on_unit_withdrawn},
    {"people.person_added", 1, people_on_person_added},
    {"people.person_changed", 1, people_on_person_changed},
    {"people.person_retired", 1, people_on_person_retired},
    {"people.person_returned", 1, people_on_person_returned},
    {"people.person_withdrawn", 1, people_on_person_withdrawn},
    {"people.person_forgotten", 1, people_on_person_forgotten},
    {"people.looked", 1, people_on_looked, "attention", .weigh = people_weigh_look},
    {NULL},
};

static const vg_command commands[] = {
    {"people.unit_add", "POST /units", "people.edit_own", people_unit_add_fields, people_unit_add},
    {"people.unit_update", "POST /units/{id}", "people.edit_own", people_unit_update_fields,
     people_unit_update},
    {"people.unit_withdraw", "POST /units/{id}/withdraw", "people.edit_own", people_id_fields,
     people_unit_withdraw},
    {"people.person_add", "POST /persons", "people.edit_own", people_person_add_fields,
     people_person_add},
    {"people.person_update", "POST /persons/{id}", "people.edit_own", people_person_update_fields,
     people_person_update},
    {"people.person_retire", "POST /persons/{id}/retire", "people.edit_own",
     people_person_retire_fields, people_person_retire},
    {"people.person_return", "POST /persons/{id}/return", "people.edit_own", people_id_fields,
     people_person_return},
    {"people.person_withdraw", "POST /persons/{id}/withdraw", "people.edit_own", people_id_fields,
     people_person_withdraw, .second = people_second_withdraw},
    {"people.look", "POST /persons/{id}/look", "people.look", people_look_fields, people_look},
    {"people.person_forget", NULL, "people.edit", people_id_fields, people_person_forget},
    {NULL},
};

static bool to_forget(vg_arena *a, const vg_event *e, vg_jw *args)
{
    (void)a;
    vg_jw_kstr(args, "id", e->subject);
    return true;
}

static const vg_reaction reactions[] = {
    {"core.person_erased", "people.person_forget", to_forget},
    {NULL},
};

const vg_module vg_module_people = {
    .name = "people",
    .sql = vg_sql_people,
    .tables = tables,
    .events = events,
    .commands = commands,
    .resources = people_resources,
    .reactions = reactions,
    .imports = people_imports,
};
