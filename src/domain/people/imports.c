// SPDX-License-Identifier: Apache-2.0
// What a list of units or of persons becomes. A person is known again by the service number within the agency;
// without a number, by name within the unit.
#include "domain/people/people.h"

static const char UNITS[] = "SELECT t.id, t.code, t.name FROM v_unit t WHERE t.state = 'active'";
static const char FORCES[] = "SELECT t.code, t.code, t.name_vi, t.name_en FROM v_force_type t";
static const char AGENCIES[] = "SELECT t.id, t.code, t.name FROM v_agency t";

static const vg_import_field unit_fields[] = {
    {"code", 0, NULL},
    {"name", 0, NULL},
    {"force", 0, FORCES},
    {"parent", VG_IMP_SELF, UNITS},
    {"agency", VG_IMP_OWNER | VG_IMP_NEW_ONLY, AGENCIES},
    {NULL},
};

static const vg_import_field person_fields[] = {
    {"unit", 0, UNITS},
    {"name", 0, NULL},
    {"code", 0, NULL},
    {"rank", 0, NULL},
    {"title", 0, NULL},
    {"phone", VG_IMP_PHONE | VG_IMP_LOOKED_UP, NULL},
    {"since", VG_IMP_LOOKED_UP, NULL},
    {NULL},
};

const vg_import people_imports[] = {
    {.name = "units",
     .permission = "people.edit_own",
     .add = "people.unit_add",
     .update = "people.unit_update",
     .withdraw = "people.unit_withdraw",
     .fields = unit_fields,
     .keys = {{"agency code", "SELECT id FROM unit WHERE agency = ? AND code = ?"}},
     .read = "SELECT code, name, force, COALESCE(parent, ''), agency FROM unit WHERE id = ?",
     .max_rows = 20000},
    {.name = "persons",
     .permission = "people.edit_own",
     .add = "people.person_add",
     .update = "people.person_update",
     .withdraw = "people.person_withdraw",
     .fields = person_fields,
     .keys = {{"unit code", "SELECT c.person FROM unit u JOIN person_card c ON c.agency = u.agency"
                            " WHERE u.id = ? AND c.code = ?"},
              {"unit name", "SELECT p.id FROM person p JOIN person_card c ON c.person = p.id WHERE"
                            " p.unit = ? AND c.name = ? AND c.code IS NULL"}},
     .read =
         "SELECT p.unit, c.name, COALESCE(c.code, ''), COALESCE(c.rank, ''), COALESCE(c.title, ''),"
         " COALESCE(c.phone, ''), COALESCE(c.since, '') FROM person p JOIN person_card c ON "
         "c.person"
         " = p.id WHERE p.id = ?",
     .max_rows = 150000},
    {NULL},
};
