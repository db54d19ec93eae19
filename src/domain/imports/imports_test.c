// SPDX-License-Identifier: Apache-2.0
// Imports against the real core: a messy list of persons is read, shown, applied and taken back; a row that is
// refused in the middle takes everything back; a node that stops in the middle goes on; what somebody changed
// since is kept; nothing of it stands in the journal in clear.
#include "domain/imports/imports.h"
#include "domain/test_kit.h"

#include <signal.h>
#include <sys/wait.h>

typedef struct bench {
    kit *k;
    char unit[VG_ID_TEXT], job[VG_ID_TEXT];
} bench;

static bench begin_world(void)
{
    bench b = {.k = kit_world()};
    kit_do(b.k, "people.unit_add", "{\"code\":\"BV\",\"name\":\"Tổ bảo vệ\",\"force\":\"guard\"}");
    kit_id(b.k, b.unit);
    return b;
}

static void upload(bench *b, const vg_principal *who, const char *target, vg_str file)
{
    vg_err err = {0};
    vg_id_random(b->job);
    assert_int_equal(imports_file_write(b->k->core, b->job, IMPORTS_UPLOAD, file, &err), VG_OK);
    assert_int_equal(kit_try(b->k, who, "imports.begin",
                             "{\"id\":\"%s\",\"target\":\"%s\",\"file\":\"danh sách.csv\"}", b->job,
                             target),
                     VG_OK);
}

static void wait_state(bench *b, const char *state)
{
    char sql[160];
    snprintf(sql, sizeof sql, "SELECT count(*) FROM import_job WHERE id = '%s' AND state = '%s'",
             b->job, state);
    for (int i = 0; i < 12000 && kit_int(b->k, sql) < 1; i++) {
        usleep(10000);
    }
    if (kit_int(b->k, sql) < 1) {
        print_error("not %s: %s\n", state,
                    kit_text(b->k, "SELECT state || ' ' || COALESCE(problem_en, '') FROM "
                                   "import_job ORDER BY at DESC"));
        fail();
    }
}

static void act(bench *b, const char *command)
{
    kit_do(b->k, command, "{\"id\":\"%s\"}", b->job);
}

static int64_t counts(bench *b)  // added changed same wrong as decimal digits
{
    return kit_int(
        b->k,
        "SELECT added * 1000 + changed * 100 + same * 10 + wrong FROM import_job ORDER BY at DESC, "
        "rowid DESC LIMIT 1");
}

static const char *preview(bench *b)
{
    return kit_text(b->k, "SELECT body FROM import_preview");
}

static const char MESSY[] =
    "\xEF\xBB\xBF"
    "CÔNG AN TỈNH MẪU;;;;;\r\n"
    "DANH SÁCH BẢO VỆ NĂM 2026;;;;;\r\n"
    ";;;;;\r\n"
    "TT;Họ và tên;Số hiệu;Đơn vị;Số điện thoại;Ngày nhận công tác\r\n"
    "(1);(2);(3);(4);(5);(6)\r\n"
    "1;Nguye\xCC\x82\xCC\x83n Va\xCC\x86n Mẫu;001;tổ BẢO vệ;912345678;05/03/2024\r\n"
    "2;\"Trần Thị \"\"Thử\"\"\";002;BV;0900 000 002;\r\n"
    ";;;;;\r\n"
    "3;Lê Nháp;003;BV;;1.2.2023\r\n";

static void messy_list_applied_and_undone(void **state)
{
    (void)state;
    bench b = begin_world();
    upload(&b, NULL, "persons", (vg_str){MESSY, sizeof MESSY - 1});
    wait_state(&b, "ready");
    assert_int_equal(counts(&b), 3000);
    assert_int_equal(kit_int(b.k, "SELECT count(*) FROM person"), 0);
    assert_non_null(strstr(preview(&b), "\"header\":4"));
    assert_non_null(strstr(
        preview(&b), "\"columns\":{\"unit\":3,\"name\":1,\"code\":2,\"phone\":4,\"since\":5}"));
    act(&b, "imports.apply");
    wait_state(&b, "applied");
    assert_string_equal(
        kit_text(b.k,
                 "SELECT group_concat(name || '/' || code || '/' || COALESCE(phone, '-') || '/'"
                 " || COALESCE(since, '-'), ' ') FROM (SELECT * FROM person_card ORDER BY code)"),
        "Nguyễn Văn Mẫu/001/0912 345 678/1709571600000000 Trần Thị \"Thử\"/002/0900 000 002/- "
        "Lê Nháp/003/-/1675184400000000");
    assert_int_equal(kit_int(b.k,
                             "SELECT count(*) FROM event WHERE (kind LIKE 'people%' OR kind LIKE "
                             "'imports%') AND (body LIKE '%Mẫu%' OR body LIKE '%danh s%')"),
                     0);
    assert_int_equal(kit_int(b.k, "SELECT count(*) FROM import_preview"), 0);
    act(&b, "imports.undo");
    wait_state(&b, "undone");
    assert_int_equal(
        kit_int(b.k, "SELECT (SELECT count(*) FROM person) + (SELECT count(*) FROM person_card)"),
        0);
    kit_same_after_rebuild(b.k);
    kit_done(b.k);
}

// What stands in the personal part now is told by a look-up only; the rest is shown beside what it becomes.
static void a_preview_shows_no_personal_part(void **state)
{
    (void)state;
    bench b = begin_world();
    upload(&b, NULL, "persons",
           VG_S("Họ tên,Số hiệu,Đơn vị,Cấp bậc,Điện thoại\nMột,1,BV,Hạ sĩ,0912000111\n"));
    wait_state(&b, "ready");
    act(&b, "imports.apply");
    wait_state(&b, "applied");
    upload(&b, NULL, "persons",
           VG_S("Họ tên,Số hiệu,Đơn vị,Cấp bậc,Điện thoại\nMột,1,BV,Trung sĩ,0912000222\n"));
    wait_state(&b, "ready");
    assert_non_null(strstr(preview(&b), "\"before\":\"Hạ sĩ\""));
    assert_non_null(strstr(preview(&b), "0912 000 222"));
    assert_null(strstr(preview(&b), "0912 000 111"));
    kit_done(b.k);
}

// The same list again: what is the same, what changed; undo gives the old values back but not over a later hand.
static void changed_rows_come_back(void **state)
{
    (void)state;
    bench b = begin_world();
    upload(&b, NULL, "persons",
           VG_S("Họ tên,Số hiệu,Đơn vị,Cấp bậc\nMột,1,BV,Hạ sĩ\nHai,2,BV,\nBa,3,BV,\n"));
    wait_state(&b, "ready");
    act(&b, "imports.apply");
    wait_state(&b, "applied");
    upload(&b, NULL, "persons",
           VG_S("Họ tên,Số hiệu,Đơn vị,Cấp bậc\nMột,1,BV,Trung sĩ\nHai,2,BV,Hạ "
                "sĩ\nBa,3,BV,\nTư,4,BV,\n"));
    wait_state(&b, "ready");
    assert_int_equal(counts(&b), 1210);
    act(&b, "imports.apply");
    wait_state(&b, "applied");
    assert_string_equal(
        kit_text(b.k,
                 "SELECT group_concat(COALESCE(rank, '-'), ' ') FROM (SELECT rank FROM person_card"
                 " ORDER BY code)"),
        "Trung sĩ Hạ sĩ - -");
    char id[VG_ID_TEXT];
    snprintf(id, sizeof id, "%s", kit_text(b.k, "SELECT person FROM person_card WHERE code = '2'"));
    kit_do(b.k, "people.person_update", "{\"id\":\"%s\",\"rank\":\"Thượng sĩ\"}", id);
    act(&b, "imports.undo");
    wait_state(&b, "undone");
    assert_string_equal(
        kit_text(b.k,
                 "SELECT group_concat(COALESCE(rank, '-'), ' ') FROM (SELECT rank FROM person_card"
                 " ORDER BY code)"),
        "Hạ sĩ Thượng sĩ -");
    assert_int_equal(kit_int(b.k, "SELECT kept FROM import_job WHERE state = 'undone'"), 1);
    kit_same_after_rebuild(b.k);
    kit_done(b.k);
}

static void problems_name_their_cells(void **state)
{
    (void)state;
    bench b = begin_world();
    upload(&b, NULL, "persons",
           VG_S("Họ tên;Số hiệu;Đơn vị;Ngày vào\n;1;BV;\nHai;2;Không "
                "có;\nBa;3;BV;31/02/2024\nBốn;4;BV;\nNăm;4;BV;\n"));
    wait_state(&b, "ready");
    assert_int_equal(counts(&b), 1004);
    assert_non_null(strstr(preview(&b), "{\"row\":2,\"cell\":\"A2\",\"title_vi\":\"Họ và tên\""));
    assert_non_null(strstr(preview(&b), "\"cell\":\"C3\""));
    assert_non_null(strstr(preview(&b), "Không tìm thấy trong hệ thống: Không có"));
    assert_non_null(strstr(preview(&b), "\"cell\":\"D4\""));
    assert_non_null(strstr(preview(&b), "Trùng với dòng 5 của tệp"));
    assert_int_equal(kit_try(b.k, NULL, "imports.apply", "{\"id\":\"%s\"}", b.job), VG_ECONFLICT);
    kit_do(b.k, "imports.map", "{\"id\":\"%s\",\"mapping\":{\"skip\":[2,3,4,6]}}", b.job);
    wait_state(&b, "ready");
    for (int i = 0; i < 500 && counts(&b) != 1000; i++) {
        usleep(10000);
    }
    assert_int_equal(counts(&b), 1000);
    kit_done(b.k);
}

// No unit column: one unit for all rows, chosen by the user; the mapping is remembered for files of that shape.
static void chosen_mapping_is_remembered(void **state)
{
    (void)state;
    bench b = begin_world();
    upload(&b, NULL, "persons", VG_S("Ai;Số\nMột;1\nHai;2\n"));
    wait_state(&b, "ready");
    assert_int_equal(counts(&b), 0);  // no column is known
    assert_int_equal(kit_try(b.k, NULL, "imports.apply", "{\"id\":\"%s\"}", b.job), VG_ECONFLICT);
    kit_do(b.k, "imports.map",
           "{\"id\":\"%s\",\"mapping\":{\"header\":1,\"columns\":{\"name\":0,\"code\":1},\"fixed\":"
           "{\"unit\":\"BV\"}}}",
           b.job);
    for (int i = 0; i < 500 && counts(&b) != 2000; i++) {
        usleep(10000);
    }
    wait_state(&b, "ready");
    assert_int_equal(counts(&b), 2000);
    act(&b, "imports.apply");
    wait_state(&b, "applied");
    upload(&b, NULL, "persons", VG_S("Ai;Số\nBa;3\n"));
    wait_state(&b, "ready");
    assert_int_equal(counts(&b), 1000);
    kit_done(b.k);
}

static void units_of_one_file_name_each_other(void **state)
{
    (void)state;
    bench b = begin_world();
    upload(&b, NULL, "units",
           VG_S("Mã đơn vị;Tên đơn vị;Lực lượng;Trực thuộc\nT2;Tổ 2;bảo vệ;T1\nT1;Tổ 1;Lực lượng "
                "bảo vệ chuyên trách;BV\n"
                "T2;Tổ hai;guard;\n"));
    wait_state(&b, "ready");
    assert_int_equal(kit_int(b.k, "SELECT wrong FROM import_job"),
                     1);  // "bảo vệ" is no force
    upload(&b, NULL, "units",
           VG_S("Mã đơn vị;Tên đơn vị;Lực lượng;Trực thuộc\nT2;Tổ 2;guard;Tổ 1\nT1;Tổ 1;Lực lượng "
                "bảo vệ chuyên trách;BV\n"));
    wait_state(&b, "ready");
    assert_int_equal(counts(&b), 2000);
    act(&b, "imports.apply");
    wait_state(&b, "applied");
    assert_string_equal(
        kit_text(b.k,
                 "SELECT p.name FROM unit u JOIN unit p ON p.id = u.parent WHERE u.code = 'T2'"),
        "Tổ 1");
    act(&b, "imports.undo");
    wait_state(&b, "undone");
    assert_int_equal(kit_int(b.k, "SELECT count(*) FROM unit"), 1);
    kit_same_after_rebuild(b.k);
    kit_done(b.k);
}

static vg_str many(int n, const char *unit)
{
    static vg_buf f;
    vg_buf_done(&f);
    vg_buf_init(&f, 32 << 20);
    vg_buf_c(&f, "Họ tên;Số hiệu;Đơn vị\n");
    for (int i = 0; i < n; i++) {
        vg_buf_f(&f, "Người thứ %d;%05d;%s\n", i, i, unit);
    }
    return vg_buf_str(&f);
}

static void stopped_in_the_middle_goes_on(void **state)
{
    (void)state;
    bench b = begin_world();
    upload(&b, NULL, "persons", many(6000, "BV"));
    wait_state(&b, "ready");
    act(&b, "imports.apply");
    for (int i = 0; i < 4; i++) {
        kit_wait(b.k, "SELECT count(*) FROM person", 200 + 400 * i);
        kit_close(b.k);
        kit_reopen(b.k);
    }
    wait_state(&b, "applied");
    assert_int_equal(kit_int(b.k, "SELECT count(*) FROM person"), 6000);
    assert_int_equal(kit_int(b.k, "SELECT count(*) FROM event WHERE kind = 'people.person_added'"),
                     6000);
    act(&b, "imports.undo");
    usleep(100000);
    kit_close(b.k);
    kit_reopen(b.k);
    wait_state(&b, "undone");
    assert_int_equal(kit_int(b.k, "SELECT count(*) FROM person"), 0);
    kit_done(b.k);
}

// The process is killed, not stopped, again and again: what was decided is done once and whole.
static void killed_in_the_middle_is_all_or_nothing(void **state)
{
    (void)state;
    bench b = begin_world();
    upload(&b, NULL, "persons", many(5000, "BV"));
    wait_state(&b, "ready");
    act(&b, "imports.apply");
    kit_wait(b.k, "SELECT count(*) FROM import_job WHERE state = 'applying'", 1);
    kit_close(b.k);
    for (int i = 0; i < 5; i++) {
        const pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0) {
            vg_core *core = NULL;
            if (vg_core_open(b.k->dir, &core, NULL) == VG_OK &&
                vg_core_start(core, NULL) == VG_OK) {
                pause();
            }
            _exit(1);
        }
        usleep(150000);
        assert_int_equal(kill(child, SIGKILL), 0);
        assert_int_equal(waitpid(child, NULL, 0), child);
    }
    kit_reopen(b.k);
    wait_state(&b, "applied");
    assert_int_equal(kit_int(b.k, "SELECT count(*) FROM person"), 5000);
    assert_int_equal(kit_int(b.k, "SELECT count(*) FROM person_card"), 5000);
    assert_int_equal(kit_int(b.k, "SELECT count(*) FROM event WHERE kind = 'people.person_added'"),
                     5000);
    kit_same_after_rebuild(b.k);
    kit_done(b.k);
}

// Somebody takes a number while the list is being applied: everything goes back.
static void refused_in_the_middle_leaves_nothing(void **state)
{
    (void)state;
    bench b = begin_world();
    upload(&b, NULL, "persons", many(4000, "BV"));
    wait_state(&b, "ready");
    act(&b, "imports.apply");
    kit_wait(b.k, "SELECT count(*) FROM person", 1);
    kit_do(b.k, "people.person_add",
           "{\"unit\":\"%s\",\"name\":\"Người ngoài\",\"code\":\"03990\"}", b.unit);
    wait_state(&b, "failed");
    assert_int_equal(kit_int(b.k, "SELECT count(*) FROM person"), 1);
    assert_non_null(strstr(kit_text(b.k, "SELECT problem_vi FROM import_job"),
                           "Dòng 3992: Số hiệu đã được dùng: 03990"));
    kit_same_after_rebuild(b.k);
    kit_done(b.k);
}

static void another_agency_and_strangers(void **state)
{
    (void)state;
    bench b = begin_world();  // the unit is the police's
    vg_principal *bank = kit_user(b.k, "bank", b.k->bank, "agency_officer", b.k->site);
    vg_principal *staff = kit_user(b.k, "staff", b.k->police, "staff_officer", "");
    vg_principal *guard = kit_user(b.k, "guard", b.k->police, "guard", "");
    static const char begin[] =
        "{\"id\":\"0123456789abcdef\",\"target\":\"persons\",\"file\":\"x\"}";
    assert_int_equal(kit_run_as(b.k, guard, "imports.begin", begin), VG_EDENIED);
    upload(&b, bank, "persons", VG_S("Họ tên;Đơn vị\nMột;BV\n"));
    wait_state(&b, "ready");
    assert_int_equal(counts(&b), 1);  // there is no such unit, for the bank
    upload(&b, staff, "persons", VG_S("Họ tên;Đơn vị\nMột;BV\n"));
    wait_state(&b, "ready");
    assert_int_equal(counts(&b), 1000);
    assert_int_equal(kit_try(b.k, bank, "imports.apply", "{\"id\":\"%s\"}", b.job), VG_ENOTFOUND);
    assert_null(strstr(kit_list(b.k, bank, "imports"), b.job));
    assert_int_equal(kit_try(b.k, staff, "imports.apply", "{\"id\":\"%s\"}", b.job), VG_OK);
    wait_state(&b, "applied");
    assert_string_equal(kit_text(b.k, "SELECT actor FROM event WHERE kind = 'people.person_added'"),
                        staff->user);
    kit_done(b.k);
}

// A job is done in the name and with the rights of who began it: nobody else begins that, whatever he may do
// himself. The token here has all the rights of the officer whose job it is.
static void a_job_is_nobody_elses(void **state)
{
    static const char *const ACTS[] = {"imports.map", "imports.apply", "imports.cancel",
                                       "imports.undo"};
    (void)state;
    bench b = begin_world();
    vg_principal *staff = kit_user(b.k, "staff", b.k->police, "staff_officer", "");
    vg_principal *other = kit_user(b.k, "other", b.k->police, "staff_officer", "");
    vg_principal *bank = kit_user(b.k, "bank", b.k->bank, "agency_officer", b.k->site);
    vg_principal token = *staff, lent = *staff;
    token.kind = lent.kind = VG_P_TOKEN;
    snprintf(token.user, sizeof token.user, "%s", "0123456789abcdef");
    const vg_principal *strangers[] = {other, bank, &token, &lent};
    const char *const steps[] = {"ready", "applied", "undone"};
    upload(&b, staff, "persons", VG_S("Họ tên;Đơn vị\nMột;BV\n"));
    for (size_t step = 0; step < VG_LEN(steps); step++) {
        wait_state(&b, steps[step]);
        for (size_t i = 0; i < VG_LEN(strangers) * VG_LEN(ACTS); i++) {
            const vg_principal *who = strangers[i / VG_LEN(ACTS)];
            const char *name = ACTS[i % VG_LEN(ACTS)];
            const vg_status st = kit_try(b.k, who, name,
                                         strcmp(name, "imports.map") == 0
                                             ? "{\"id\":\"%s\",\"mapping\":{\"skip\":[2]}}"
                                             : "{\"id\":\"%s\"}",
                                         b.job);
            assert_int_equal(st, who == bank ? VG_ENOTFOUND : VG_EDENIED);
        }
        assert_null(strstr(kit_list(b.k, bank, "imports"), b.job));
        wait_state(&b, steps[step]);
        if (step < 2) {
            assert_int_equal(kit_try(b.k, staff, step ? "imports.undo" : "imports.apply",
                                     "{\"id\":\"%s\"}", b.job),
                             VG_OK);
        }
    }
    assert_int_equal(kit_int(b.k, "SELECT count(*) FROM event WHERE kind = 'people.person_added'"),
                     1);
    assert_int_equal(kit_try(b.k, &lent, "imports.begin",
                             "{\"id\":\"0123456789abcdef\",\"target\":\"persons\",\"file\":\"x\"}"),
                     VG_EDENIED);
    kit_done(b.k);
}

static void sites_sources_contacts(void **state)
{
    (void)state;
    bench b = begin_world();
    upload(&b, NULL, "sites",
           VG_S("Mã;Tên mục tiêu;Loại;Trọng điểm;Cơ quan chủ quản\nKB1;Kho bạc huyện;Kho "
                "bạc;x;Ngân hàng\n"));
    wait_state(&b, "ready");
    assert_int_equal(counts(&b), 1000);
    act(&b, "imports.apply");
    wait_state(&b, "applied");
    assert_string_equal(kit_text(b.k, "SELECT kind || key_site FROM site WHERE code = 'KB1'"),
                        "treasury1");
    char sites[VG_ID_TEXT];
    memcpy(sites, b.job, sizeof sites);
    upload(&b, NULL, "sources",
           VG_S("Mục tiêu;Tên thiết bị;Giao thức;Số tài khoản;Hạn báo (giây)\nKB1;Tủ "
                "1;DC-09;7001;300\nNH1;Tủ 2;dc09;7002;\n"));
    wait_state(&b, "ready");
    assert_int_equal(counts(&b), 2000);
    act(&b, "imports.apply");
    wait_state(&b, "applied");
    assert_int_equal(kit_int(b.k, "SELECT sum(deadline_s) FROM source"), 300);
    char sources[VG_ID_TEXT];
    memcpy(sources, b.job, sizeof sources);
    upload(&b, NULL, "contacts",
           VG_S("Mục tiêu;Họ tên;Vai trò;SĐT\nKB1;Ngô Mẫu;Giám đốc;2033123456\n"));
    wait_state(&b, "ready");
    act(&b, "imports.apply");
    wait_state(&b, "applied");
    assert_string_equal(kit_text(b.k, "SELECT phone FROM contact_card"), "0203 3123 456");
    act(&b, "imports.undo");
    wait_state(&b, "undone");
    memcpy(b.job, sources, sizeof sources);
    act(&b, "imports.undo");
    wait_state(&b, "undone");
    memcpy(b.job, sites, sizeof sites);
    act(&b, "imports.undo");
    wait_state(&b, "undone");
    assert_int_equal(
        kit_int(b.k, "SELECT (SELECT count(*) FROM source) * 10 + (SELECT count(*) FROM site)"), 1);
    kit_same_after_rebuild(b.k);
    kit_done(b.k);
}

// Those of the gate: made, brought up to date, taken back.
static void registered_vehicles(void **state)
{
    (void)state;
    bench b = begin_world();
    upload(&b, NULL, "registered-vehicles",
           VG_S("Mục tiêu;Biển số;Loại xe;Đơn vị;Có hiệu lực đến\nNH1;51A-123.45;xe con;Công ty "
                "Mẫu;31/12/2030\nNH1;29C-543.21;xe tải;;\nNH1;?;;;\n"));
    wait_state(&b, "ready");
    assert_int_equal(counts(&b), 2001);  // a plate that is none
    upload(&b, NULL, "registered-vehicles",
           VG_S("Mục tiêu;Biển số;Loại xe;Đơn vị;Có hiệu lực đến\nNH1;51A-123.45;xe con;Công ty "
                "Mẫu;31/12/2030\nNH1;29C-543.21;xe tải;;\n"));
    wait_state(&b, "ready");
    assert_int_equal(counts(&b), 2000);
    act(&b, "imports.apply");
    wait_state(&b, "applied");
    assert_string_equal(
        kit_text(b.k, "SELECT group_concat(c.find || h.class, ' ') FROM (SELECT * FROM gate_card"
                      " ORDER BY find DESC) c JOIN gate_holder h ON h.id = c.holder WHERE h.kind ="
                      " 'vehicle' AND h.site IS NOT NULL"),
        "51A12345xe con 29C54321xe tải");
    char first[VG_ID_TEXT];
    memcpy(first, b.job, sizeof first);
    upload(&b, NULL, "registered-vehicles",
           VG_S("Mục tiêu;Biển số;Loại xe;Đơn vị\nNH1;51A-123.45;xe bán tải;Công ty Mẫu\n"));
    wait_state(&b, "ready");
    assert_int_equal(counts(&b), 100);
    act(&b, "imports.apply");
    wait_state(&b, "applied");
    act(&b, "imports.undo");
    wait_state(&b, "undone");
    memcpy(b.job, first, sizeof first);
    act(&b, "imports.undo");
    wait_state(&b, "undone");
    assert_int_equal(kit_int(b.k, "SELECT count(*) FROM gate_holder WHERE state = 'active'"), 0);
    kit_same_after_rebuild(b.k);
    kit_done(b.k);
}

// Badges with whoever has them: a service number says which person of ours; a badge in other hands is refused at its row.
static void badges_of_the_house(void **state)
{
    (void)state;
    bench b = begin_world();
    char first[VG_ID_TEXT], unit[VG_ID_TEXT];
    kit_do(b.k, "people.unit_add",
           "{\"name\":\"Đội 1\",\"code\":\"D1\",\"force\":\"guard\",\"agency\":\"%s\"}", b.k->bank);
    kit_id(b.k, unit);
    kit_do(b.k, "people.person_add",
           "{\"unit\":\"%s\",\"name\":\"Nguyễn Văn An\",\"code\":\"NV01\"}", unit);
#define HEAD "Mục tiêu;Mã thẻ;Họ và tên;Loại;Đơn vị;Có hiệu lực đến;Số hiệu\n"
    const vg_str list =
        VG_S(HEAD "NH1;T-1;Nguyễn Văn An;staff;Phòng Kho quỹ;31/12/2030;NV01\n"
                  "NH1;T-2;Trần Thị Bé;;;;\nNH1;T-3;Lê Thợ;nhà thầu;Công ty Mẫu;;\n");
    upload(&b, NULL, "badges", VG_S(HEAD "NH1;T-1;Nguyễn Văn An;guest;;;\nNH1;T-2;Bé;;;;NV99\n"));
    wait_state(&b, "ready");
    assert_int_equal(counts(&b), 2);  // no such kind, no such number
    upload(&b, NULL, "badges", list);
    wait_state(&b, "ready");
    assert_int_equal(counts(&b), 3000);
    act(&b, "imports.apply");
    wait_state(&b, "applied");
    memcpy(first, b.job, sizeof first);
    assert_string_equal(
        kit_text(b.k, "SELECT group_concat(b.code || c.name || h.kind || (h.person IS NOT"
                      " NULL), ' ') FROM (SELECT * FROM badge ORDER BY code) b JOIN gate_holder"
                      " h ON h.id = b.holder JOIN gate_card c ON c.holder = h.id"),
        "T-1Nguyễn Văn Anstaff1 T-2Trần Thị Béstaff0 T-3Lê Thợcontractor0");
    upload(&b, NULL, "badges",
           VG_S(HEAD "NH1;T-1;Người Khác;;;;\nNH1;T-2;Trần Thị Bé;;Phòng Kế toán;;\n"));
    wait_state(&b, "ready");
    assert_int_equal(counts(&b), 101);  // the first is An's
    upload(&b, NULL, "badges", VG_S(HEAD "NH1;T-9;Nguyễn Văn An;;;;NV01\n"));
    wait_state(&b, "ready");
    assert_int_equal(counts(&b), 1);  // a second badge is no second person
    upload(&b, NULL, "badges", VG_S(HEAD "NH1;T-1;Nguyễn Văn An;;;31/12/2031;NV01\n"));
    wait_state(&b, "ready");
    act(&b, "imports.apply");
    wait_state(&b, "applied");
    assert_string_equal(
        kit_text(b.k, "SELECT strftime('%Y', h.valid_until / 1000000, 'unixepoch') || ' ' ||"
                      " COALESCE(b.valid_until, 'with its holder') FROM badge b JOIN gate_holder h"
                      " ON h.id = b.holder WHERE b.code = 'T-1'"),
        "2031 with its holder");
    act(&b, "imports.undo");
    wait_state(&b, "undone");
    memcpy(b.job, first, sizeof first);
    act(&b, "imports.undo");
    wait_state(&b, "undone");
    assert_int_equal(kit_int(b.k,
                             "SELECT (SELECT count(*) FROM gate_holder WHERE state = 'active') +"
                             " (SELECT count(*) FROM badge WHERE state = 'issued')"),
                     0);
    upload(&b, NULL, "badges", list);  // as if it had never been
    wait_state(&b, "ready");
    assert_int_equal(counts(&b), 3000);
    kit_same_after_rebuild(b.k);
    kit_done(b.k);
#undef HEAD
}

// Those that are expected: on the list of the gate, and off it again.
static void expected_vehicles(void **state)
{
    (void)state;
    bench b = begin_world();
    upload(&b, NULL, "vehicles",
           VG_S("Mục tiêu;Biển số;Giờ đến;Giờ về;Hàng;Ai đón;Lái xe\n"
                "NH1;51A-123.45;01/02/2099 08:00;01/02/2099 10:00;Giấy in;Phòng HC;Lê Văn Lái\n"
                "NH1;29C-543.21;01/02/2099 08:00;01/02/2099 09:00;;;\n"));
    wait_state(&b, "ready");
    assert_int_equal(counts(&b), 2000);
    act(&b, "imports.apply");
    wait_state(&b, "applied");
    assert_int_equal(kit_int(b.k, "SELECT count(*) FROM vehicle_expected x JOIN vehicle_plate v ON"
                                  " v.expected = x.id WHERE x.state = 'expected'"),
                     2);
    assert_string_equal(kit_text(b.k, "SELECT v.find || ' ' || v.driver || ' ' || x.goods || ' ' ||"
                                      " x.host FROM vehicle_expected x JOIN vehicle_plate v ON"
                                      " v.expected = x.id WHERE v.driver IS NOT NULL"),
                        "51A12345 Lê Văn Lái Giấy in Phòng HC");
    act(&b, "imports.undo");
    wait_state(&b, "undone");
    assert_int_equal(kit_int(b.k, "SELECT count(*) FROM vehicle_expected WHERE state = 'expected'"),
                     0);
    kit_same_after_rebuild(b.k);
    kit_done(b.k);
}

// TCVN3 bytes, TCVN3 inside UTF-8 as a copied .Vn font gives it.
static void old_fonts(void **state)
{
    (void)state;
    bench b = begin_world();
    upload(&b, NULL, "persons",
           VG_S("H\xE4 t\xAAn;S\xE8 hi\xD6u;\xA7\xACn v\xDE\nNguy\xD4n V\xA8n H\xEFng;1;T\xE6 "
                "b\xB6o v\xD6\n"));
    wait_state(&b, "ready");
    assert_int_equal(counts(&b), 1000);
    act(&b, "imports.apply");
    wait_state(&b, "applied");
    assert_string_equal(kit_text(b.k, "SELECT name FROM person_card"), "Nguyễn Văn Hùng");
    kit_done(b.k);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(messy_list_applied_and_undone),
        cmocka_unit_test(a_preview_shows_no_personal_part),
        cmocka_unit_test(changed_rows_come_back),
        cmocka_unit_test(problems_name_their_cells),
        cmocka_unit_test(chosen_mapping_is_remembered),
        cmocka_unit_test(units_of_one_file_name_each_other),
        cmocka_unit_test(stopped_in_the_middle_goes_on),
        cmocka_unit_test(killed_in_the_middle_is_all_or_nothing),
        cmocka_unit_test(refused_in_the_middle_leaves_nothing),
        cmocka_unit_test(another_agency_and_strangers),
        cmocka_unit_test(a_job_is_nobody_elses),
        cmocka_unit_test(sites_sources_contacts),
        cmocka_unit_test(registered_vehicles),
        cmocka_unit_test(badges_of_the_house),
        cmocka_unit_test(expected_vehicles),
        cmocka_unit_test(old_fonts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
