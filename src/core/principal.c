// SPDX-License-Identifier: Apache-2.0
// Roles are sets of permissions, listed once in roles.def. A pattern ending in ".*" grants a module.
#include "core/principal.h"

static const struct {
    const char *role, *permissions;
} ROLES[] = {
#define X(role, permissions) {#role, permissions},
#include "core/device_roles.def"
#include "core/roles.def"
#undef X
};

static bool matches(const char *pattern, size_t n, const char *permission)
{
    if (n && pattern[n - 1] == '*') {
        return strncmp(pattern, permission, n - 1) == 0;
    }
    return strlen(permission) == n && memcmp(pattern, permission, n) == 0;
}

static bool role_grants(const char *role, const char *permission)
{
    for (size_t i = 0; i < VG_LEN(ROLES); i++) {
        if (strcmp(ROLES[i].role, role) != 0) {
            continue;
        }
        for (const char *p = ROLES[i].permissions; *p;) {
            p += strspn(p, " ");
            const size_t n = strcspn(p, " ");
            if (n && matches(p, n, permission)) {
                return true;
            }
            p += n;
        }
    }
    return false;
}

bool vg_role_exists(const char *role)
{
    for (size_t i = 0; i < VG_LEN(ROLES); i++) {
        if (strcmp(ROLES[i].role, role) == 0) {
            return true;
        }
    }
    return false;
}

bool vg_may(const vg_principal *p, const char *permission, const char *site)
{
    if (p->kind == VG_P_SYSTEM || p->kind == VG_P_LOCAL) {
        return true;
    }
    for (size_t i = 0; i < p->n_assignments; i++) {
        const vg_assignment *a = &p->assignments[i];
        const bool here = !site || !*site || !*a->site || strcmp(a->site, site) == 0;
        if (here && role_grants(a->role, permission)) {
            return true;
        }
    }
    return false;
}

bool vg_principal_lapse(vg_principal *p, int64_t now_us)
{
    size_t n = 0;
    for (size_t i = 0; i < p->n_assignments; i++) {
        const vg_assignment *a = &p->assignments[i];
        if (!a->until_us || now_us < a->until_us) {
            p->assignments[n++] = *a;
        }
    }
    const bool some = n < p->n_assignments;
    p->n_assignments = n;
    return some;
}

int64_t vg_principal_until(const vg_principal *p)
{
    int64_t until_us = INT64_MAX;
    for (size_t i = 0; i < p->n_assignments; i++) {
        const int64_t t = p->assignments[i].until_us;
        until_us = t && t < until_us ? t : until_us;
    }
    return until_us;
}

void vg_principal_done(vg_principal *p)
{
    free(p->scope_bits);
    p->scope_bits = NULL;
    p->scope_labels = 0;
}
