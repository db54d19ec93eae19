// SPDX-License-Identifier: Apache-2.0
// The registers of personal data from outside: the clocks at their boundaries, one extension with its reason, a late
// notice with its, who asks not in clear in the journal and gone when erased, what the product refuses to record refused
// here too, another agency that learns nothing, and tables that fold again to the same.
#include "domain/day.h"
#include "domain/test_kit.h"

static const int64_t HOUR_US = 3600 * VG_SECOND_US;

typedef struct desk {
    kit *k;
    vg_principal *officer, *auditor, *partner, *guard;
    char id[VG_ID_TEXT];
} desk;

static desk open_desk(void)
{
    desk d = {.k = kit_world()};
    d.officer = kit_user(d.k, "nh1", d.k->bank, "agency_officer", "");
    d.auditor = kit_user(d.k, "nh2", d.k->bank, "auditor", "");
    d.partner = kit_user(d.k, "ca1", d.k->police, "custodian", "");
    d.guard = kit_user(d.k, "nh3", d.k->bank, "guard", "");
    return d;
}

static const char *ago(int64_t us)
{
    static char text[4][VG_TIME_TEXT];
    static int turn;
    char *out = text[turn++ % 4];
    vg_time_rfc3339(vg_now_us() - us, out);
    return out;
}

static vg_status ask(desk *d, const char *kind, const char *received)
{
    const vg_status st =
        kit_try(d->k, d->officer, "privacy.request_open",
                "{\"kind\":\"%s\",\"received_at\":\"%s\",\"name\":\"Phạm Thị Hiếm\",\"contact\":"
                "\"0900 000 777\",\"wish\":\"Xem dữ liệu camera\"}",
                kind, received);
    if (st == VG_OK) {
        kit_id(d->k, d->id);
    }
    return st;
}

static vg_status act(desk *d, vg_principal *who, const char *name, const char *more)
{
    return kit_try(d->k, who, name, "{\"id\":\"%s\"%s}", d->id, more);
}

static int64_t column(desk *d, const char *table, const char *name)
{
    char sql[160];
    snprintf(sql, sizeof sql, "SELECT %s FROM %s WHERE id = '%s'", name, table, d->id);
    return kit_int(d->k, sql);
}

static int64_t midnight_after(const char *day)
{
    int n = 0;
    vg_err err = {0};
    assert_int_equal(vg_day_parse(vg_str_c(day), "", &n, &err), VG_OK);
    return vg_day_start_us(n + 1);
}

// --- requests -----------------------------------------------------------------------------------
static void each_kind_has_the_clock_of_its_day(void **state)
{
    (void)state;
    desk d = open_desk();
    static const struct {
        const char *kind, *last;
    } cases[] = {
        {"access", "2026-03-20"},      {"correction", "2026-03-20"}, {"withdrawal", "2026-03-27"},
        {"restriction", "2026-03-27"}, {"deletion", "2026-04-03"},
    };
    for (size_t i = 0; i < VG_LEN(cases); i++) {
        // A Friday, one minute before its end in Viet Nam: the day it was received is still that one.
        assert_int_equal(ask(&d, cases[i].kind, "2026-03-06T23:59:00+07:00"), VG_OK);
        assert_int_equal(column(&d, "subject_request", "due"), midnight_after(cases[i].last));
        assert_int_equal(column(&d, "subject_request", "ack_due"), midnight_after("2026-03-10"));
        assert_int_equal(column(&d, "subject_request", "ref = 'l91-2025/yeu-cau'"), 1);
    }
    // No number is on record for an objection: it is received, and has no clock but the first.
    assert_int_equal(ask(&d, "objection", "2026-03-06T23:59:00+07:00"), VG_OK);
    assert_int_equal(column(&d, "subject_request", "due IS NULL"), 1);
    assert_int_equal(column(&d, "subject_request", "ack_due"), midnight_after("2026-03-10"));
    // Before the law there was no term of it.
    assert_int_equal(ask(&d, "access", "2025-12-30T09:00:00+07:00"), VG_OK);
    assert_int_equal(column(&d, "subject_request", "due IS NULL"), 1);
    assert_int_equal(ask(&d, "access", ago(-HOUR_US)), VG_EINVALID);
    assert_string_equal(d.k->err.field, "received_at");
    kit_same_after_rebuild(d.k);
    kit_done(d.k);
}

static void an_overdue_request_calls_and_stays_due(void **state)
{
    (void)state;
    desk d = open_desk();
    assert_int_equal(ask(&d, "access", "2026-03-06T08:00:00+07:00"), VG_OK);
    kit_wait(d.k, "SELECT count(*) FROM subject_request WHERE late = 1 AND ack_late = 1", 1);
    assert_int_equal(kit_int(d.k, "SELECT count(*) FROM event WHERE kind = 'privacy.request_late'"),
                     1);
    assert_int_equal(kit_int(d.k, "SELECT count(*) FROM deadline WHERE kind LIKE 'privacy.%'"), 2);
    assert_int_equal(act(&d, d.officer, "privacy.request_close", ",\"outcome\":\"answered\""),
                     VG_EINVALID);
    assert_string_equal(d.k->err.key, "privacy.late_reason");
    assert_int_equal(
        act(&d, d.officer, "privacy.request_extend", ",\"until\":\"2099-01-01\",\"reason\":\"x\""),
        VG_ECONFLICT);
    assert_string_equal(d.k->err.key, "privacy.too_late");
    assert_int_equal(act(&d, d.officer, "privacy.request_close",
                         ",\"outcome\":\"answered\",\"reason\":\"Chuyển nhầm bộ phận\""),
                     VG_OK);
    assert_int_equal(kit_int(d.k, "SELECT count(*) FROM deadline WHERE kind LIKE 'privacy.%'"), 0);
    assert_int_equal(act(&d, d.officer, "privacy.request_acknowledge", ""), VG_ECONFLICT);
    kit_same_after_rebuild(d.k);
    kit_done(d.k);
}

static vg_status extend(desk *d, int64_t day)
{
    char more[120], text[VG_DAY_TEXT];
    vg_day_text((int)day, text);
    snprintf(more, sizeof more, ",\"until\":\"%s\",\"reason\":\"Phải hỏi đơn vị khác\"", text);
    return act(d, d->officer, "privacy.request_extend", more);
}

static void a_clock_is_put_off_once(void **state)
{
    (void)state;
    desk d = open_desk();
    assert_int_equal(ask(&d, "deletion", ago(HOUR_US)), VG_OK);
    const int received = vg_day_of(column(&d, "subject_request", "received_at")),
              last = vg_day_of(column(&d, "subject_request", "due") - 1),
              most = 2 * last - received;
    assert_int_equal(extend(&d, last), VG_EINVALID);
    assert_int_equal(extend(&d, most + 1), VG_EINVALID);
    assert_string_equal(d.k->err.field, "until");
    assert_int_equal(extend(&d, most), VG_OK);
    assert_int_equal(column(&d, "subject_request", "due"), vg_day_start_us(most + 1));
    assert_int_equal(kit_int(d.k, "SELECT max(due) FROM deadline WHERE kind = 'privacy.request'"),
                     vg_day_start_us(most + 1));
    assert_int_equal(extend(&d, most + 1), VG_ECONFLICT);
    assert_string_equal(d.k->err.key, "privacy.extended");
    assert_int_equal(act(&d, d.officer, "privacy.request_acknowledge", ""), VG_OK);
    assert_int_equal(act(&d, d.officer, "privacy.request_acknowledge", ""), VG_ECONFLICT);
    assert_int_equal(act(&d, d.officer, "privacy.request_close", ",\"outcome\":\"refused\""),
                     VG_EINVALID);
    assert_string_equal(d.k->err.key, "privacy.refuse_reason");
    assert_int_equal(act(&d, d.officer, "privacy.request_close", ",\"outcome\":\"answered\""),
                     VG_OK);
    kit_same_after_rebuild(d.k);
    kit_done(d.k);
}

static bool journal_holds(desk *d, const char *text)
{
    char sql[256];
    snprintf(sql, sizeof sql,
             "SELECT count(*) FROM event WHERE instr(body, '%s') OR instr(personal, '%s')", text,
             text);
    return kit_int(d->k, sql) > 0;
}

static void who_asks_is_not_in_clear_and_can_be_forgotten(void **state)
{
    (void)state;
    desk d = open_desk();
    assert_int_equal(ask(&d, "deletion", ago(HOUR_US)), VG_OK);
    assert_false(journal_holds(&d, "Phạm Thị Hiếm"));
    assert_false(journal_holds(&d, "0900 000 777"));
    assert_false(journal_holds(&d, "Xem dữ liệu camera"));
    assert_non_null(strstr(kit_list(d.k, d.officer, "subject-requests"), "Phạm Thị Hiếm"));
    kit_do(d.k, "core.forget", "{\"person\":\"%s\",\"reason\":\"theo yêu cầu\"}", d.id);
    kit_wait(d.k, "SELECT count(*) FROM subject_request WHERE forgotten = 1", 1);
    assert_null(strstr(kit_list(d.k, d.officer, "subject-requests"), "Phạm Thị Hiếm"));
    assert_int_equal(kit_int(d.k, "SELECT count(*) FROM subject_request_card"), 0);
    assert_int_equal(act(&d, d.officer, "privacy.request_close", ",\"outcome\":\"answered\""),
                     VG_OK);  // that somebody asked, and was answered, stays
    kit_same_after_rebuild(d.k);
    kit_done(d.k);
}

// One of ours is asked for by name: his requests are under his own key, so erasing him takes them along, however many.
enum { REQUESTS = 205 };

static void a_person_of_ours_takes_the_request_along(void **state)
{
    (void)state;
    desk d = open_desk();
    char unit[VG_ID_TEXT], person[VG_ID_TEXT];
    kit_do(d.k, "people.unit_add",
           "{\"code\":\"D1\",\"name\":\"Đội\",\"force\":\"guard\",\"agency\":\"%s\"}", d.k->bank);
    kit_id(d.k, unit);
    kit_do(d.k, "people.person_add", "{\"unit\":\"%s\",\"name\":\"Lê Văn Mẫu\"}", unit);
    kit_id(d.k, person);
    static const char form[] = "{\"kind\":\"access\",\"received_at\":\"%s\",\"name\":\"Lê Văn "
                               "Mẫu\",\"person\":\"%s\"}";
    assert_int_equal(kit_try(d.k, d.partner, "privacy.request_open", form, ago(HOUR_US), person),
                     VG_EINVALID);  // not of his agency: as if there were none
    for (int i = 0; i < REQUESTS; i++) {
        assert_int_equal(
            kit_try(d.k, d.officer, "privacy.request_open", form, ago(HOUR_US), person), VG_OK);
    }
    kit_do(d.k, "core.forget", "{\"person\":\"%s\",\"reason\":\"theo yêu cầu\"}", person);
    kit_wait(d.k, "SELECT count(*) FROM subject_request WHERE forgotten = 1", REQUESTS);
    assert_int_equal(kit_int(d.k, "SELECT count(*) FROM subject_request_card"), 0);
    assert_null(strstr(kit_list(d.k, d.officer, "subject-requests"), "Lê Văn"));
    kit_done(d.k);
}

static void the_answer_to_a_deletion_may_destroy_the_key(void **state)
{
    (void)state;
    desk d = open_desk();
    static const char erase[] = ",\"outcome\":\"answered\",\"erase\":true";
    vg_principal *second = kit_user(d.k, "nh4", d.k->bank, "agency_officer", "");
    assert_int_equal(ask(&d, "access", ago(HOUR_US)), VG_OK);
    assert_int_equal(act(&d, second, "privacy.request_close", erase), VG_EINVALID);
    assert_string_equal(d.k->err.field, "erase");
    assert_int_equal(ask(&d, "deletion", ago(HOUR_US)), VG_OK);
    assert_int_equal(act(&d, d.officer, "privacy.request_close", erase), VG_EDENIED);
    assert_string_equal(d.k->err.key, "privacy.second_person");  // he recorded it himself
    assert_int_equal(act(&d, second, "privacy.request_close", erase), VG_OK);
    kit_wait(d.k, "SELECT count(*) FROM subject_request WHERE forgotten = 1", 1);
    assert_int_equal(kit_int(d.k, "SELECT count(*) FROM subject_request_card"), 1);
    char sql[120];
    snprintf(sql, sizeof sql, "SELECT count(*) FROM vault WHERE space = 'person' AND name = '%s'",
             d.id);
    assert_int_equal(kit_int(d.k, sql), 0);
    kit_same_after_rebuild(d.k);
    kit_done(d.k);
}

// --- breaches -----------------------------------------------------------------------------------
static vg_status found(desk *d, const char *at)
{
    const vg_status st =
        kit_try(d->k, d->officer, "privacy.breach_open",
                "{\"found_at\":\"%s\",\"what\":\"Mất máy tính bảng ở cổng\",\"data\":[\"name\","
                "\"id_number\"],\"people\":[\"visitors\"],\"about_count\":40}",
                at);
    if (st == VG_OK) {
        kit_id(d->k, d->id);
    }
    return st;
}

static vg_status tell(desk *d, const char *sent, bool all, const char *more)
{
    char text[300];
    snprintf(text, sizeof text,
             ",\"sent_at\":\"%s\",\"recipient\":\"A05\",\"reference\":\"12/CV\",\"complete\":%s%s",
             sent, all ? "true" : "false", more);
    return act(d, d->officer, "privacy.breach_notify", text);
}

static void seventy_two_hours_to_the_second(void **state)
{
    (void)state;
    desk d = open_desk();
    assert_int_equal(found(&d, ago(72 * HOUR_US - 3 * VG_SECOND_US)), VG_OK);
    assert_int_equal(column(&d, "breach", "due - found_at"), 72 * HOUR_US);
    assert_int_equal(column(&d, "breach", "late"), 0);
    kit_wait(d.k, "SELECT count(*) FROM breach WHERE late = 1", 1);
    assert_true(vg_now_us() >= column(&d, "breach", "due"));
    assert_int_equal(kit_int(d.k, "SELECT count(*) FROM deadline WHERE kind = 'privacy.breach'"),
                     1);
    const char *early = ago(HOUR_US);  // sent in time, and entered now: not late
    assert_int_equal(tell(&d, ago(73 * HOUR_US), true, ""), VG_EINVALID);  // before it was found
    assert_string_equal(d.k->err.field, "sent_at");
    assert_int_equal(tell(&d, ago(-HOUR_US), true, ""), VG_EINVALID);
    assert_int_equal(tell(&d, early, true, ""), VG_OK);
    assert_int_equal(kit_int(d.k, "SELECT count(*) FROM deadline WHERE kind = 'privacy.breach'"),
                     0);
    kit_same_after_rebuild(d.k);
    kit_done(d.k);
}

static void a_late_notice_gives_its_reason_and_parts_follow(void **state)
{
    (void)state;
    desk d = open_desk();
    assert_int_equal(found(&d, ago(80 * HOUR_US)), VG_OK);
    assert_int_equal(tell(&d, ago(HOUR_US), false, ""), VG_EINVALID);
    assert_string_equal(d.k->err.field, "late_reason");
    assert_int_equal(tell(&d, ago(HOUR_US), false, ",\"late_reason\":\"Chưa rõ mất những gì\""),
                     VG_OK);
    assert_int_equal(kit_int(d.k, "SELECT count(*) FROM breach WHERE state = 'partial'"), 1);
    assert_int_equal(act(&d, d.officer, "privacy.breach_close", ",\"reason\":\"x\""), VG_ECONFLICT);
    assert_string_equal(d.k->err.key, "privacy.rest_untold");
    assert_int_equal(act(&d, d.officer, "privacy.breach_update", ",\"about_count\":55"), VG_OK);
    assert_int_equal(column(&d, "breach", "about_count"), 55);
    assert_int_equal(column(&d, "breach", "what = 'Mất máy tính bảng ở cổng'"), 1);
    assert_int_equal(tell(&d, ago(0), true, ""), VG_OK);  // a later part needs no reason
    assert_int_equal(tell(&d, ago(0), true, ""), VG_ECONFLICT);
    assert_int_equal(kit_int(d.k, "SELECT count(*) FROM breach_notice"), 2);
    assert_int_equal(act(&d, d.officer, "privacy.breach_close", ""), VG_OK);
    assert_int_equal(act(&d, d.officer, "privacy.breach_update", ",\"about_count\":1"),
                     VG_ECONFLICT);
    kit_same_after_rebuild(d.k);
    kit_done(d.k);
}

static void nobody_told_needs_a_written_reason(void **state)
{
    (void)state;
    desk d = open_desk();
    assert_int_equal(found(&d, ago(HOUR_US)), VG_OK);
    assert_int_equal(act(&d, d.officer, "privacy.breach_close", ""), VG_EINVALID);
    assert_string_equal(d.k->err.field, "reason");
    assert_int_equal(
        act(&d, d.officer, "privacy.breach_close", ",\"reason\":\"Máy mã hóa, đã thu lại\""),
        VG_OK);
    assert_int_equal(kit_int(d.k, "SELECT count(*) FROM deadline WHERE kind = 'privacy.breach'"),
                     0);
    kit_done(d.k);
}

// --- the register of processing -----------------------------------------------------------------
static vg_status enter(desk *d, const char *name, const char *data, const char *ref)
{
    const vg_status st = kit_try(
        d->k, d->officer, name,
        "{%s%s%s\"name\":\"Sổ khách\",\"purpose\":\"Bảo vệ mục "
        "tiêu\",\"ground\":\"state_function\","
        "\"ref\":\"%s\",\"data\":%s,\"people\":[\"visitors\"],\"recipients\":\"Không chuyển\","
        "\"retention\":\"visitor_log\",\"started\":\"2026-03-01\"}",
        *d->id ? "\"id\":\"" : "", d->id, *d->id ? "\"," : "", ref, data);
    if (st == VG_OK) {
        kit_id(d->k, d->id);
    }
    return st;
}

static void the_dossier_is_due_in_sixty_days(void **state)
{
    (void)state;
    desk d = open_desk();
    assert_int_equal(enter(&d, "privacy.processing_add", "[\"name\"]", "l04-2022/11"), VG_OK);
    assert_int_equal(column(&d, "processing", "due"), midnight_after("2026-04-30"));
    kit_wait(d.k, "SELECT count(*) FROM processing WHERE late = 1", 1);
    assert_int_equal(
        kit_int(d.k, "SELECT count(*) FROM deadline WHERE kind = 'privacy.assessment'"), 1);
    assert_int_equal(
        act(&d, d.officer, "privacy.assess", ",\"on\":\"2026-05-04\",\"number\":\"01/HS-ĐGTĐ\""),
        VG_OK);
    assert_int_equal(
        enter(&d, "privacy.processing_update", "[\"name\",\"location\"]", "l04-2022/11"),
        VG_OK);  // the dossier is made: writing the entry anew sets no clock
    assert_int_equal(
        kit_int(d.k, "SELECT count(*) FROM deadline WHERE kind = 'privacy.assessment'"), 0);
    assert_int_equal(act(&d, d.officer, "privacy.processing_end",
                         ",\"on\":\"2026-06-30\",\"reason\":\"Bỏ sổ giấy\""),
                     VG_OK);
    assert_int_equal(enter(&d, "privacy.processing_update", "[\"name\"]", "l04-2022/11"),
                     VG_ECONFLICT);
    kit_same_after_rebuild(d.k);
    kit_done(d.k);
}

static void what_is_refused_elsewhere_is_refused_here(void **state)
{
    (void)state;
    desk d = open_desk();
    static const char *const refused[] = {
        "[\"religion\"]", "[\"opinion\"]",       "[\"ethnicity\"]",
        "[\"face\"]",     "[\"fingerprint\"]",   "[]",
        "\"name\"",       "[\"name\",\"name\"]", "[3]",
        "[\"portrait\"]"};
    for (size_t i = 0; i < VG_LEN(refused); i++) {
        assert_int_equal(enter(&d, "privacy.processing_add", refused[i], "l04-2022/11"),
                         VG_EINVALID);
        assert_string_equal(d.k->err.field, "data");
    }
    assert_int_equal(enter(&d, "privacy.processing_add", "[\"name\"]", "l99/1"), VG_EINVALID);
    assert_string_equal(d.k->err.field, "ref");
    assert_int_equal(kit_int(d.k, "SELECT count(*) FROM processing"), 0);
    kit_done(d.k);
}

static void defaults_are_ours_and_a_change_has_its_reason(void **state)
{
    (void)state;
    desk d = open_desk();
    assert_true(kit_int(d.k, "SELECT count(*) FROM retention_class WHERE origin = 'ours'") > 5);
    assert_int_equal(  // none claims a law that is not on record
        kit_int(d.k, "SELECT count(*) FROM retention_class WHERE (origin = 'law') <> (ref IS NOT"
                     " NULL) OR (enforced = 1 AND how_vi IS NULL)"),
        0);
    assert_int_equal(
        kit_try(d.k, d.officer, "privacy.retention_set", "{\"class\":\"visitor_log\",\"days\":90}"),
        VG_EINVALID);
    assert_string_equal(d.k->err.field, "reason");
    for (int days = 400; days <= 800; days += 400) {
        assert_int_equal(kit_try(d.k, d.officer, "privacy.retention_set",
                                 "{\"class\":\"visitor_log\",\"days\":%d,\"reason\":\"Quy định "
                                 "của Chi nhánh\"}",
                                 days),
                         VG_OK);
    }
    assert_int_equal(kit_int(d.k, "SELECT days FROM retention_choice"), 800);
    // What would be deleted earlier takes another of the agency.
    static const char SHORTER[] = "{\"class\":\"visitor_log\",\"days\":799,\"reason\":\"x\"}";
    assert_int_equal(kit_try(d.k, d.officer, "privacy.retention_set", SHORTER), VG_ECONFLICT);
    assert_string_equal(d.k->err.key, "second.nobody");
    vg_principal *other = kit_user(d.k, "other", d.k->bank, "agency_officer", "");
    char id[VG_ID_TEXT];
    assert_int_equal(kit_try(d.k, d.officer, "privacy.retention_set", SHORTER), VG_OK);
    kit_member(d.k, "second_request", id, sizeof id);
    assert_int_equal(kit_int(d.k, "SELECT days FROM retention_choice"), 800);
    assert_int_equal(kit_try(d.k, other, "second.approve", "{\"id\":\"%s\"}", id), VG_OK);
    assert_int_equal(kit_int(d.k, "SELECT days FROM retention_choice"), 799);
    assert_int_equal(
        kit_int(d.k, "SELECT count(*) FROM event WHERE kind = 'privacy.retention_set'"), 3);
    assert_int_equal(kit_try(d.k, d.officer, "privacy.retention_set",
                             "{\"class\":\"everything\",\"days\":9,\"reason\":\"x\"}"),
                     VG_EINVALID);
    assert_int_equal(kit_try(d.k, d.officer, "privacy.retention_set",
                             "{\"class\":\"import_files\",\"days\":9,\"reason\":\"x\"}"),
                     VG_EINVALID);
    assert_string_equal(d.k->err.key, "privacy.fixed");
    kit_close(d.k);
    kit_reopen(d.k);
    assert_int_equal(kit_int(d.k, "SELECT count(*) FROM event WHERE kind = 'privacy.shipped'"), 1);
    kit_same_after_rebuild(d.k);
    kit_done(d.k);
}

// --- the notice ---------------------------------------------------------------------------------
static vg_status write_notice(desk *d, const char *text)
{
    const vg_status st =
        kit_try(d->k, d->officer, "privacy.notice_draft",
                "{\"site\":\"%s\",\"text_vi\":\"%s\",\"text_en\":\"Notice, 365 days\","
                "\"contact\":\"Văn phòng, 0900 000 001\"}",
                d->k->site, text);
    if (st == VG_OK) {
        kit_id(d->k, d->id);
    }
    return st;
}

static void a_notice_is_a_draft_until_a_person_confirms_it(void **state)
{
    (void)state;
    desk d = open_desk();
    assert_int_equal(write_notice(&d, "{agency} ghi lại"), VG_OK);
    assert_int_equal(act(&d, d.officer, "privacy.notice_confirm", ""), VG_ECONFLICT);
    assert_string_equal(d.k->err.key, "privacy.not_filled");
    assert_int_equal(write_notice(&d, "Chi nhánh ghi lại, giữ 365 ngày"), VG_OK);
    vg_principal token = *d.officer;
    token.kind = VG_P_TOKEN;
    assert_int_equal(act(&d, &token, "privacy.notice_confirm", ""), VG_EDENIED);
    assert_int_equal(act(&d, d.partner, "privacy.notice_confirm", ""), VG_ENOTFOUND);
    assert_int_equal(act(&d, d.officer, "privacy.notice_confirm", ""), VG_OK);
    assert_int_equal(act(&d, d.officer, "privacy.notice_confirm", ""), VG_ECONFLICT);
    assert_int_equal(write_notice(&d, "Giữ 365 ngày"), VG_OK);
    assert_int_equal(kit_int(d.k, "SELECT n FROM visitor_notice WHERE state = 'confirmed'"), 2);
    assert_int_equal(act(&d, d.officer, "privacy.notice_confirm", ""), VG_OK);
    assert_int_equal(kit_int(d.k, "SELECT n FROM visitor_notice WHERE state = 'confirmed'"), 3);
    assert_int_equal(kit_int(d.k, "SELECT count(*) FROM visitor_notice WHERE state = 'replaced'"),
                     2);
    kit_same_after_rebuild(d.k);
    kit_done(d.k);
}

static bool reads(desk *d, vg_principal *who, const char *what)
{
    return strstr(kit_list(d->k, who, "posted-notices"), what) != NULL;
}

// The guard hands it to the visitor, so he reads what is confirmed; a draft, and whoever may see it, he does not.
static void at_the_gate_only_what_is_confirmed_is_read(void **state)
{
    (void)state;
    desk d = open_desk();
    assert_int_equal(write_notice(&d, "Bản một, giữ 365 ngày"), VG_OK);
    assert_false(reads(&d, d.guard, "Bản một"));
    assert_int_equal(act(&d, d.officer, "privacy.notice_confirm", ""), VG_OK);
    assert_true(reads(&d, d.guard, "Bản một, giữ 365 ngày"));
    assert_true(reads(&d, d.guard, "Văn phòng, 0900 000 001"));
    assert_false(reads(&d, d.partner, "Bản một"));
    assert_null(strstr(kit_list(d.k, d.partner, "posted-notices"), d.id));
    assert_int_equal(write_notice(&d, "Bản hai, giữ 365 ngày"), VG_OK);
    assert_false(reads(&d, d.guard, "Bản hai"));
    assert_int_equal(act(&d, d.officer, "privacy.notice_confirm", ""), VG_OK);
    assert_int_equal(kit_int(d.k, "SELECT n FROM posted_notice WHERE state = 'posted'"), 2);
    // What visitors were told before can be read again.
    assert_int_equal(kit_int(d.k, "SELECT n FROM posted_notice WHERE state = 'replaced'"), 1);
    kit_same_after_rebuild(d.k);
    kit_done(d.k);
}

// --- who sees and who may -----------------------------------------------------------------------
static void another_agency_learns_nothing(void **state)
{
    (void)state;
    desk d = open_desk();
    static const char *const lists[] = {
        "processing-activities", "subject-requests",  "breaches", "breach-notices",
        "visitor-notices",       "retention-choices", "deadlines"};
    assert_int_equal(enter(&d, "privacy.processing_add", "[\"name\"]", "l04-2022/11"), VG_OK);
    assert_int_equal(ask(&d, "access", ago(HOUR_US)), VG_OK);
    assert_int_equal(write_notice(&d, "Chi nhánh ghi lại, giữ 365 ngày"), VG_OK);
    assert_int_equal(kit_try(d.k, d.officer, "privacy.retention_set",
                             "{\"class\":\"contacts\",\"days\":900,\"reason\":\"x\"}"),
                     VG_OK);
    assert_int_equal(found(&d, ago(HOUR_US)), VG_OK);
    assert_int_equal(tell(&d, ago(0), false, ""), VG_OK);
    for (size_t i = 0; i < VG_LEN(lists); i++) {
        assert_non_null(strstr(kit_list(d.k, d.partner, lists[i]), "\"total\":0"));
        assert_null(strstr(kit_list(d.k, d.auditor, lists[i]), "\"total\":0"));
    }
    assert_int_equal(act(&d, d.partner, "privacy.breach_update", ",\"about_count\":1"),
                     VG_ENOTFOUND);
    assert_int_equal(act(&d, d.auditor, "privacy.breach_update", ",\"about_count\":1"), VG_EDENIED);
    assert_int_equal(act(&d, d.guard, "privacy.breach_update", ",\"about_count\":1"), VG_EDENIED);
    // Numbers run per agency: the partner's first is his first.
    assert_int_equal(kit_try(d.k, d.partner, "privacy.request_open",
                             "{\"kind\":\"access\",\"received_at\":\"%s\",\"name\":\"A\"}",
                             ago(HOUR_US)),
                     VG_OK);
    assert_non_null(strstr(d.k->reply, "YC-CA-0001"));
    kit_done(d.k);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_kind_has_the_clock_of_its_day),
        cmocka_unit_test(an_overdue_request_calls_and_stays_due),
        cmocka_unit_test(a_clock_is_put_off_once),
        cmocka_unit_test(who_asks_is_not_in_clear_and_can_be_forgotten),
        cmocka_unit_test(a_person_of_ours_takes_the_request_along),
        cmocka_unit_test(the_answer_to_a_deletion_may_destroy_the_key),
        cmocka_unit_test(seventy_two_hours_to_the_second),
        cmocka_unit_test(a_late_notice_gives_its_reason_and_parts_follow),
        cmocka_unit_test(nobody_told_needs_a_written_reason),
        cmocka_unit_test(the_dossier_is_due_in_sixty_days),
        cmocka_unit_test(what_is_refused_elsewhere_is_refused_here),
        cmocka_unit_test(defaults_are_ours_and_a_change_has_its_reason),
        cmocka_unit_test(a_notice_is_a_draft_until_a_person_confirms_it),
        cmocka_unit_test(at_the_gate_only_what_is_confirmed_is_read),
        cmocka_unit_test(another_agency_learns_nothing),
    };
    return cmocka_run_group_tests_name("domain.privacy", tests, NULL, NULL);
}
