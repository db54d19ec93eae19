// SPDX-License-Identifier: Apache-2.0
// Inside of the people module: handlers and folds by noun, tied together in module.c.
#pragma once

#include "domain/kit.h"

// unit.c
extern const vg_field people_unit_add_fields[], people_unit_update_fields[], people_id_fields[];
VG_HANDLER(people_unit_add);
VG_HANDLER(people_unit_update);
VG_HANDLER(people_unit_withdraw);
VG_FOLDER(people_on_unit_added);
VG_FOLDER(people_on_unit_changed);
VG_FOLDER(people_on_unit_withdrawn);

typedef struct people_unit_ref {
    const char *id, *agency;
    vg_str name;
    int32_t label;
} people_unit_ref;
// Finds the unit and checks that the caller may edit its agency's people. The error names field.
vg_status people_unit_at(vg_cx *cx, vg_str id, const char *field, people_unit_ref *ret,
                         vg_err *err) VG_USE_RESULT;

// person.c
extern const vg_field people_person_add_fields[], people_person_update_fields[],
    people_person_retire_fields[];
VG_HANDLER(people_person_add);
VG_HANDLER(people_person_update);
VG_HANDLER(people_person_retire);
VG_HANDLER(people_person_return);
VG_HANDLER(people_person_withdraw);
VG_MARK(people_second_withdraw);
VG_HANDLER(people_person_forget);
VG_FOLDER(people_on_person_added);
VG_FOLDER(people_on_person_changed);
VG_FOLDER(people_on_person_retired);
VG_FOLDER(people_on_person_returned);
VG_FOLDER(people_on_person_withdrawn);
VG_FOLDER(people_on_person_forgotten);

// look.c
extern const vg_field people_look_fields[];
VG_HANDLER(people_look);
VG_FOLDER(people_on_looked);
const char *people_weigh_look(vg_str body);

// resources.c
extern const vg_resource people_resources[];

// imports.c
extern const vg_import people_imports[];
