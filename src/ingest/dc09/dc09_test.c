// SPDX-License-Identifier: Apache-2.0
// Frames by hand and by our encoder (invented accounts): what each is taken for and what is answered.
#include "ingest/dc09/dc09_kit.h"

static void crc_is_arc(void **state)
{
    (void)state;
    assert_int_equal(dc09_crc(VG_S("123456789")), 0xBB3D);  // the published check value
    assert_int_equal(dc09_crc(VG_S("")), 0);
    assert_int_equal(dc09_crc(VG_S("\x01")), 0xC0C1);
}

static void times_are_utc(void **state)
{
    (void)state;
    int64_t us;
    char text[DC09_TIME_BYTES];
    assert_true(dc09_time_parse(VG_S("23:59:58,12-31-2026"), &us));
    assert_int_equal(us, vg_time_civil(2026, 12, 31, 23, 59, 58));
    dc09_time_text(us, text);
    assert_string_equal(text, "23:59:58,12-31-2026");
    static const char *const BAD[] = {"",
                                      "23:59:58,13-31-2026",
                                      "24:00:00,12-31-2026",
                                      "23:59:58 12-31-2026",
                                      "23:59:58,12-31-26",
                                      "2a:59:58,12-31-2026",
                                      "23:59:58,00-31-2026"};
    for (size_t i = 0; i < VG_LEN(BAD); i++) {
        assert_false(dc09_time_parse(vg_str_c(BAD[i]), &us));
    }
}

static void text_is_windows_1252(void **state)
{
    (void)state;
    char out[16];
    dc09_text(VG_S("Caf\xE9 \x80\x93\x81"), out, sizeof out);
    assert_string_equal(out, "Caf\xC3\xA9 \xE2\x82\xAC\xE2\x80\x9C\xEF\xBF\xBD");
    dc09_text(VG_S("a\tb\x7F"), out, sizeof out);
    assert_string_equal(out, "a b ");
    dc09_text(VG_S("abc\xE9"), out, 5);  // no half character
    assert_string_equal(out, "abc");
}

typedef struct row {  // one frame, clear, and its one event
    const char *body;
    uint8_t verb;
    const char *kind, *code, *area, *point, *user, *text;
} row;

static const row ROWS[] = {
    {"\"SIA-DCS\"0042R1L2#1234[#1234|Nri1/BA05]", VG_SIG_RAISE, "intrusion", "BA", "1", "05", "",
     ""},
    {"\"SIA-DCS\"0042L0#1234[#1234|NRR|AMains back]", VG_SIG_OTHER, "other", "RR", "", "", "",
     "Mains back"},
    {"\"SIA-DCS\"0042L0#1234[|Nri2/JC12]", VG_SIG_RESTORE, "tamper", "JC", "12", "", "", ""},
    {"\"SIA-DCS\"0042#1234[#1234|Nti20:50:26RP99]", VG_SIG_TEST, "test", "RP", "", "99", "", ""},
    {"\"SIA-DCS\"0042L#1234[#1234|Nri1CL0^DOOR EAST ^]", VG_SIG_ARM, "armed", "CL", "1", "", "0",
     "DOOR EAST"},
    {"\"SIA-DCS\"0042L0#1234[#1234|Nti12:26/id7/ri3/OP]", VG_SIG_DISARM, "disarmed", "OP", "3", "",
     "7", ""},
    {"\"SIA-DCS\"0042L0#1234[#1234|NTA1F]", VG_SIG_RAISE, "tamper", "TA", "", "1F", "", ""},
    {"\"SIA-DCS\"0042L0#1234[#1234|Nri1/HA012*\"TELLER\"NM]", VG_SIG_RAISE, "holdup", "HA", "1",
     "012", "", "*\"TELLER\"NM"},
    {"\"SIA-DCS\"0042L0#1234[#1234|NQQ7]", VG_SIG_OTHER, "other", "QQ", "", "7", "", ""},
    {"\"SIA-DCS\"0042L0#1234[#1234|FA3]", VG_SIG_RAISE, "fire", "FA", "", "3", "", ""},
    {"\"SIA-DCS\"0042L0#1234[Nri1/PA501][X006E07.1][Y49N06.2]", VG_SIG_RAISE, "panic", "PA", "1",
     "501", "", "X=006E07.1; Y=49N06.2"},
    {"\"SIA-DCS\"0042L0#1234[#1234|NBA1^Vault^][IFront \xE9][Lroom 2][Vhttp://192.0.2.1/clip][QZ]",
     VG_SIG_RAISE, "intrusion", "BA", "", "1", "",
     "Vault; Front \xC3\xA9; L=room 2; V=http://192.0.2.1/clip"},
    {"\"ADM-CID\"0042L0#1234[#1234|1133 01 007]", VG_SIG_RAISE, "safe_alarm", "133", "01", "007",
     "", ""},
    {"\"ADM-CID\"0042L0#1234[#1234|3401 01 057]", VG_SIG_ARM, "armed", "401", "01", "", "057", ""},
    {"\"ADM-CID\"0042L0#1234[#1234|1401 02 003]", VG_SIG_DISARM, "disarmed", "401", "02", "", "003",
     ""},
    {"\"ADM-CID\"0042L0#1234[#1234|113001015]", VG_SIG_RAISE, "intrusion", "130", "01", "015", "",
     ""},
    {"\"ADM-CID\"0042L0#1234[#1234|R301 00 000]", VG_SIG_RESTORE, "mains_trouble", "301", "00",
     "000", "", ""},
    {"\"ADM-CID\"0042L0#1234[#1234|6121 00 001]", VG_SIG_RAISE, "duress", "121", "00", "001", "",
     ""},
    {"\"ADM-CID\"0042L0#1234[#1234|1799 00 001]", VG_SIG_OTHER, "other", "799", "00", "001", "",
     ""},
    {"\"ADM-CID\"0042L0#1234[#1234|3570 00 009]", VG_SIG_UNBYPASS, "bypassed", "570", "00", "009",
     "", ""},
    {"\"NULL\"0000L0#1234[]", VG_SIG_POLL, "", "", "", "", "", ""},
    {"\"NULL\"0000L0#1234[#1234|0000 00 000]", VG_SIG_POLL, "", "", "", "", "", ""},
    {"\"SIA-DCS\"0042L0#1234[]", VG_SIG_POLL, "", "", "", "", "", ""},
    {"\"XYZ-NEW\"0042L0#1234[#1234|fire in room 3]", VG_SIG_OTHER, "other", "XYZ-NEW", "", "", "",
     "fire in room 3"},
};

static void clear_frames_give_their_event(void **state)
{
    kit *k = *state;
    for (size_t i = 0; i < VG_LEN(ROWS); i++) {
        const row *r = &ROWS[i];
        print_message("# %s\n", r->body);
        assert_int_equal(kit_body(k, r->body), VG_INGEST_DONE);
        assert_int_equal(k->out.verdict, VG_INGEST_accepted);
        assert_int_equal(k->out.answer, VG_ANSWER_ACK);
        assert_int_equal(k->out.n, 1);
        assert_int_equal(k->out.consumed, k->n);
        assert_int_equal(k->v[0].verb, r->verb);
        assert_string_equal(k->v[0].kind, r->kind);
        assert_string_equal(k->v[0].code, r->code);
        assert_string_equal(k->v[0].area, r->area);
        assert_string_equal(k->v[0].point, r->point);
        assert_string_equal(k->v[0].user, r->user);
        assert_string_equal(k->v[0].text, r->text);
        assert_string_equal(k->v[0].address, "1234");
        assert_int_equal(k->v[0].flags & VG_SIG_AUTHENTICATED, 0);  // never in clear
        const bool unclassified =
            strcmp(r->code, "QQ") == 0 || strcmp(r->code, "799") == 0 || r->body[1] == 'X';
        assert_int_equal(!!(k->v[0].flags & VG_SIG_UNCLASSIFIED), unclassified);
    }
}

static void one_frame_may_hold_several_events(void **state)
{
    kit *k = *state;
    kit_body(k, "\"SIA-DCS\"0042L0#1234[#1234|Nri1/BA01/BA02^Hall^/ri2/id5/BR03/OP5|NFA9|AStore]");
    assert_int_equal(k->out.n, 5);
    assert_string_equal(k->v[0].point, "01");
    assert_string_equal(k->v[0].area, "1");
    assert_string_equal(k->v[1].text, "Hall");
    assert_string_equal(k->v[2].area, "2");
    assert_int_equal(k->v[2].verb, VG_SIG_RESTORE);
    assert_string_equal(k->v[3].user, "5");
    assert_string_equal(k->v[4].kind, "fire");
    assert_string_equal(k->v[4].text, "Store");
    assert_string_equal(k->v[4].area, "");  // modifiers end with their block
    kit_body(k, "\"ADM-CID\"0042L0#1234[#1234|1130 01 001|1131 01 002]");
    assert_int_equal(k->out.n, 2);
}

static void too_many_events_are_cut(void **state)
{
    kit *k = *state;
    char body[1024] = "\"SIA-DCS\"0042L0#1234[#1234|N";
    for (int i = 0; i < 50; i++) {
        const size_t n = strlen(body);
        snprintf(body + n, sizeof body - n, "BA%02d/", i);
    }
    snprintf(body + strlen(body), sizeof body - strlen(body), "]");
    kit_body(k, body);
    assert_int_equal(k->out.n, VG_INGEST_EVENTS_MAX);
}

static void the_answer_echoes(void **state)
{
    kit *k = *state;
    char r[512];
    kit_body(k, "\"SIA-DCS\"9876R579BDFL789ABC#1234[#1234|NFA129]");
    vg_str a = kit_reply(k, r, sizeof r);
    assert_true(a.n > 9 && memcmp(a.p + 9, "\"ACK\"9876R579BDFL789ABC#1234[]\r", a.n - 9) == 0);
    assert_int_equal(a.p[0], '\n');
    kit_body(k, "\"SIA-DCS\"0007L#1234[#1234|NFA129]");
    a = kit_reply(k, r, sizeof r);
    assert_memory_equal(a.p + 9, "\"ACK\"0007L#1234[]\r", a.n - 9);
    kit_body(k, "\"SIA-DCS\"4738R0001L0001[#1234|Nri04/OP001]");  // no outer account
    assert_non_null(k->out.source);
    a = kit_reply(k, r, sizeof r);
    assert_memory_equal(a.p + 9, "\"ACK\"4738R0001L0001[]\r", a.n - 9);
}

static void binary_crc_is_answered_in_kind(void **state)
{
    kit *k = *state;
    char r[512];
    for (unsigned seq = 0; seq < 2000;
         seq++) {  // CRC bytes of every sort, LF, CR and NUL among them
        vg_dc09_message m = kit_message("1234", "SIA-DCS", "#1234|NBA01");
        m.quirks = VG_DC09_BINARY_CRC;
        m.seq = seq;
        assert_int_equal(kit_send(k, &m), VG_INGEST_DONE);
        assert_int_equal(k->out.consumed, k->n);
    }
    const vg_str a = kit_reply(k, r, sizeof r);
    assert_memory_equal(a.p + 7, "\"ACK\"1999R1L2#1234[]\r", a.n - 7);
    const uint16_t crc = dc09_crc((vg_str){a.p + 7, a.n - 8});
    assert_int_equal((unsigned char)a.p[1], crc >> 8);
    assert_int_equal((unsigned char)a.p[2], crc & 0xFF);
}

static void encrypted_frames_of_every_key_size_and_habit(void **state)
{
    kit *k = *state;
    static const char *const ACCOUNT[] = {"AB12", "AB24", "AB32"};
    for (size_t i = 0; i < 3 * 16 * 20; i++) {
        char data[64];
        const char *account = ACCOUNT[i % 3];
        snprintf(data, sizeof data, "#%s|Nri1/BA%.*s", account, (int)(i / 48),
                 "12345678901234567890");
        vg_dc09_message m = kit_message(account, "SIA-DCS", data);
        m.quirks = i / 3 % 16 & (unsigned)~VG_DC09_BINARY_CRC;
        m.pad_seed = i;
        assert_int_equal(kit_send(k, &m), VG_INGEST_DONE);
        assert_int_equal(k->out.verdict, VG_INGEST_accepted);
        assert_int_equal(k->out.n, 1);
        assert_string_equal(k->v[0].kind, "intrusion");
        assert_int_equal(k->v[0].flags, VG_SIG_AUTHENTICATED);
        assert_int_equal(k->v[0].captured_us, KIT_NOW);
        char r[512];
        vg_dc09_reply reply;
        const vg_str key = {(const char *)KIT_KEY, m.key_len};
        assert_int_equal(vg_dc09_reply_parse(k->crypt, kit_reply(k, r, sizeof r), key, &reply),
                         VG_INGEST_DONE);
        assert_int_equal(reply.answer, VG_ANSWER_ACK);
        assert_true(reply.encrypted);
        assert_int_equal(reply.time_us, KIT_NOW);
        assert_int_equal(reply.seq, 42);
        assert_string_equal(reply.account, account);
    }
}

static void encrypted_polls_with_and_without_bar(void **state)
{
    kit *k = *state;
    for (unsigned quirks = 0; quirks < 16; quirks += 2) {
        vg_dc09_message m = kit_message("AB12", "NULL", "");
        m.quirks = quirks;
        assert_int_equal(kit_send(k, &m), VG_INGEST_DONE);
        assert_int_equal(k->v[0].verb, VG_SIG_POLL);
        assert_int_equal(k->v[0].flags, VG_SIG_AUTHENTICATED);
        assert_int_equal(k->out.identities,
                         1);  // an encrypted poll is a repetition only if equal in time too
    }
    vg_dc09_message clear = kit_message("1234", "NULL", "");
    kit_send(k, &clear);
    assert_int_equal(k->out.identities, 0);
}

static void the_clock_has_a_window(void **state)
{
    kit *k = *state;
    static const struct {
        int off_s;
        bool ok;
    } ROW[] = {{0, true}, {20, true}, {21, false}, {-40, true}, {-41, false}, {-86400, false}};
    for (size_t i = 0; i < VG_LEN(ROW); i++) {
        for (int encrypted = 0; encrypted < 2; encrypted++) {
            vg_dc09_message m = kit_message(encrypted ? "AB12" : "1234", "SIA-DCS", "|NBA1");
            m.time_us = KIT_NOW + ROW[i].off_s * VG_SECOND_US;
            kit_send(k, &m);
            assert_int_equal(k->out.verdict, ROW[i].ok ? VG_INGEST_accepted : VG_INGEST_clock);
            assert_int_equal(k->out.answer, ROW[i].ok ? VG_ANSWER_ACK : VG_ANSWER_NAK);
            assert_int_equal(k->out.n, ROW[i].ok);
        }
    }
    char r[512];
    const vg_str a = kit_reply(k, r, sizeof r);
    char want[64] = "\"NAK\"0000R0L0A0[]_", time[DC09_TIME_BYTES];
    dc09_time_text(KIT_NOW, time);
    snprintf(want + strlen(want), 32, "%s\r", time);
    assert_memory_equal(a.p + 9, want, strlen(want));
    vg_dc09_reply reply;
    assert_int_equal(vg_dc09_reply_parse(k->crypt, a, VG_S(""), &reply), VG_INGEST_DONE);
    assert_int_equal(reply.answer, VG_ANSWER_NAK);
    assert_int_equal(reply.time_us, KIT_NOW);
}

static void an_unenforced_clock_proves_nothing(void **state)
{
    kit *k = *state;
    vg_dc09_message m = kit_message("C10C", "SIA-DCS", "#C10C|NOP1");
    kit_send(k, &m);
    assert_int_equal(k->v[0].flags, VG_SIG_AUTHENTICATED);
    m.time_us -= 3600 * VG_SECOND_US;  // accepted, but it could be a recording
    kit_send(k, &m);
    assert_int_equal(k->out.verdict, VG_INGEST_accepted);
    assert_int_equal(k->v[0].flags, 0);
}

static void encryption_may_be_required(void **state)
{
    kit *k = *state;
    vg_dc09_message m = kit_message("0F0F", "SIA-DCS", "#0F0F|NBA1");
    kit_send(k, &m);
    assert_int_equal(k->out.verdict, VG_INGEST_accepted);
    m.key_len = 0;
    kit_send(k, &m);
    assert_int_equal(k->out.verdict, VG_INGEST_clear_refused);
    assert_int_equal(k->out.answer, VG_ANSWER_NONE);
    assert_int_equal(k->out.n, 0);
}

static void wrong_keys_and_damage_are_met_with_silence(void **state)
{
    kit *k = *state;
    static const unsigned char OTHER[32] = "some other key of the same size";
    vg_dc09_message m = kit_message("AB12", "SIA-DCS", "#AB12|NBA1");
    m.key = OTHER;
    kit_send(k, &m);
    assert_int_equal(k->out.verdict, VG_INGEST_undecryptable);
    assert_int_equal(k->out.answer, VG_ANSWER_NONE);
    m = kit_message("1234", "SIA-DCS", "#1234|NBA1");  // encrypted, but the source has no key
    m.key_len = 16;
    kit_send(k, &m);
    assert_int_equal(k->out.verdict, VG_INGEST_undecryptable);
    m = kit_message("AB12", "SIA-DCS", "#AB12|NBA1");  // encrypted without a time
    m.time_us = 0;
    kit_send(k, &m);
    assert_int_equal(k->out.verdict, VG_INGEST_undecryptable);
    static const char *const BODY[] = {"\"*SIA-DCS\"0001L0#AB12[", "\"*SIA-DCS\"0001L0#AB12[00",
                                       "\"*SIA-DCS\"0001L0#AB12[0011223344556677889900112233445Z",
                                       "\"*SIA-DCS\"0001L0#AB12[00112233445566778899001122334455"};
    for (size_t i = 0; i < VG_LEN(BODY); i++) {
        kit_body(k, BODY[i]);
        assert_int_equal(k->out.verdict, VG_INGEST_undecryptable);
        assert_int_equal(k->out.n, 0);
    }
}

static void a_shared_key_does_not_let_one_panel_speak_for_another(void **state)
{
    kit *k = *state;
    vg_dc09_message m =
        kit_message("0F0F", "SIA-DCS", "#AB12|NOP1");  // sealed for AB12, sent as 0F0F
    kit_send(k, &m);
    assert_int_equal(k->out.verdict, VG_INGEST_accepted);
    assert_int_equal(k->v[0].flags & VG_SIG_AUTHENTICATED, 0);
}

static void a_replay_with_another_seq_is_still_a_repetition(void **state)
{
    kit *k = *state;
    vg_dc09_message m = kit_message("AB12", "SIA-DCS", "#AB12|NOP1");
    kit_send(k, &m);
    const vg_ingest_identity first = k->out.identity[0];
    m.seq = 777;  // outside the encryption: anybody can change it
    kit_send(k, &m);
    assert_memory_equal(&first, &k->out.identity[0], sizeof first);
    m.quirks = VG_DC09_LOWER_HEX;
    kit_send(k, &m);
    assert_memory_equal(&first, &k->out.identity[0], sizeof first);
    m.time_us += VG_SECOND_US;
    kit_send(k, &m);
    assert_memory_not_equal(&first, &k->out.identity[0], sizeof first);
}

static void unknown_accounts_are_kept(void **state)
{
    kit *k = *state;
    vg_dc09_message m = kit_message("beef", "SIA-DCS", "#BEEF|NBA1");
    kit_send(k, &m);
    assert_int_equal(k->out.verdict, VG_INGEST_unknown);
    assert_int_equal(k->out.answer, VG_ANSWER_ACK);
    assert_int_equal(k->v[0].source, VG_SOURCE_NONE);
    assert_string_equal(k->v[0].address, "BEEF");
    m.key_len = 16;
    kit_send(k, &m);
    assert_int_equal(k->out.verdict, VG_INGEST_unknown);
    assert_int_equal(k->out.answer, VG_ANSWER_NONE);
    assert_int_equal(k->out.n, 1);
    assert_int_equal(k->v[0].verb, VG_SIG_OTHER);
}

static void disabled_sources_are_silent(void **state)
{
    kit *k = *state;
    vg_dc09_message m = kit_message("D15A", "SIA-DCS", "#D15A|NBA1");
    kit_send(k, &m);
    assert_int_equal(k->out.verdict, VG_INGEST_disabled);
    m.key_len = 0;
    kit_send(k, &m);
    assert_int_equal(k->out.verdict, VG_INGEST_disabled);
    assert_int_equal(k->out.answer, VG_ANSWER_NONE);
    assert_int_equal(k->out.n, 0);
}

static void wrong_length_is_silence_unless_lenient(void **state)
{
    kit *k = *state;
    static const struct {
        const char *account;
        vg_ingest_count want;
    } ROW[] = {{"1234", VG_INGEST_bad_length}, {"1E17", VG_INGEST_accepted}};
    for (size_t i = 0; i < VG_LEN(ROW); i++) {
        char body[64], frame[80];
        const int n = snprintf(body, sizeof body, "\"SIA-DCS\"0042L0#%s[|NBA1]", ROW[i].account);
        const int f = snprintf(frame, sizeof frame, "\n%04X0099%s\r",
                               dc09_crc((vg_str){body, (size_t)n}), body);
        const vg_ingest_step step = kit_decode(k, (vg_str){frame, (size_t)f}, false);
        assert_int_equal(k->out.verdict, ROW[i].want);
        assert_int_equal(step, ROW[i].want == VG_INGEST_accepted ? VG_INGEST_DONE : VG_INGEST_BAD);
    }
}

static void senseless_content_gets_duh(void **state)
{
    kit *k = *state;
    char r[512];
    static const char *const BODY[] = {"\"SIA-DCS\"0042L0#1234[#1234|N!!]",
                                       "\"ADM-CID\"0042L0#1234[#1234|hello]",
                                       "\"SIA-DCS\"0042L0#1234[#1234|NBA1",
                                       "\"SIA-DCS\"42L0#1234[]",
                                       "\"\"\"",
                                       "\"SIA-DCS\"0042L0#1234"};
    for (size_t i = 0; i < VG_LEN(BODY); i++) {
        assert_int_equal(kit_body(k, BODY[i]), VG_INGEST_DONE);
        assert_int_equal(k->out.verdict, VG_INGEST_unparseable);
        assert_int_equal(k->out.answer, VG_ANSWER_DUH);
        vg_dc09_reply reply;
        (void)vg_dc09_reply_parse(k->crypt, kit_reply(k, r, sizeof r), VG_S(""), &reply);
        assert_int_equal(reply.answer, VG_ANSWER_DUH);
    }
    vg_dc09_message m = kit_message("AB12", "SIA-DCS", "#AB12|N--");
    kit_send(k, &m);
    assert_int_equal(k->out.answer, VG_ANSWER_DUH);
    vg_dc09_reply reply;
    assert_int_equal(vg_dc09_reply_parse(k->crypt, kit_reply(k, r, sizeof r),
                                         (vg_str){(const char *)KIT_KEY, 16}, &reply),
                     VG_INGEST_DONE);
    assert_true(reply.encrypted && reply.answer == VG_ANSWER_DUH);
}

static void answers_are_never_answered(void **state)
{
    kit *k = *state;
    static const char *const BODY[] = {"\"NAK\"0000R0L0A0[]_16:20:01,09-24-2025",
                                       "\"ACK\"0001L0#1234[]", "\"DUH\"0001L0#1234[]",
                                       "\"*ACK\"0001L0#AB12[00112233445566778899001122334455"};
    for (size_t i = 0; i < VG_LEN(BODY); i++) {
        kit_body(k, BODY[i]);
        assert_int_equal(k->out.answer, VG_ANSWER_NONE);
        assert_int_equal(k->out.n, 0);
    }
    kit_body(k, "\"SIA-DCS\"0042L0[|NBA1]");  // nobody's
    assert_int_equal(k->out.answer, VG_ANSWER_DUH);
}

static void wrong_times_in_clear_are_left_out(void **state)
{
    kit *k = *state;
    kit_body(k, "\"SIA-DCS\"0042L0#1234[|NBA1]_99:99:99,99-99-9999");
    assert_int_equal(k->out.verdict, VG_INGEST_accepted);
    assert_int_equal(k->v[0].captured_us, 0);
    kit_body(k, "\"SIA-DCS\"0042L0#1234[|NBA1][H01:02:03,04-05-2026]");
    assert_int_equal(k->v[0].captured_us, vg_time_civil(2026, 4, 5, 1, 2, 3));
}

static void the_old_heartbeat(void **state)
{
    kit *k = *state;
    char r[512];
    static const char OLD[] = "SR0001L0001    006969XX    [ID00000000]";
    assert_int_equal(kit_decode(k, vg_str_c(OLD), false), VG_INGEST_DONE);
    assert_int_equal(k->out.verdict, VG_INGEST_accepted);
    assert_int_equal(k->v[0].verb, VG_SIG_POLL);
    const vg_str a = kit_reply(k, r, sizeof r);
    assert_int_equal(a.n, 5);
    assert_memory_equal(a.p, "\"ACK\"", 5);
    assert_int_equal(kit_decode(k, (vg_str){OLD, 20}, false), VG_INGEST_NEED);
    assert_int_equal(kit_decode(k, VG_S("SR0001L0001    0069\x80\x80XX    [ID00000000]"), false),
                     VG_INGEST_BAD);
}

static void streams_are_cut_into_frames(void **state)
{
    kit *k = *state;
    const vg_dc09_message m = kit_message("1234", "SIA-DCS", "|NBA1");
    const vg_str f = kit_encode(k, &m);
    char stream[600] = {0};
    memcpy(stream, "\0\r\0", 3);
    memcpy(stream + 3, f.p, f.n);
    for (size_t n = 0; n < f.n + 3; n++) {  // every cut needs more
        assert_int_equal(kit_decode(k, (vg_str){stream, n}, false), VG_INGEST_NEED);
        assert_true(k->out.consumed <= 3);
    }
    assert_int_equal(kit_decode(k, (vg_str){stream, f.n + 3}, false), VG_INGEST_DONE);
    assert_int_equal(k->out.consumed, f.n + 3);
    assert_int_equal(kit_decode(k, (vg_str){stream, sizeof stream}, false), VG_INGEST_DONE);
    assert_int_equal(k->out.consumed, f.n + 3);
    memcpy(stream, "GET / HTTP\n\n", 12);  // noise before a frame is skipped up to a line feed
    memcpy(stream + 12, f.p, f.n);
    size_t at = 0;
    while (kit_decode(k, (vg_str){stream + at, 12 + f.n - at}, false) == VG_INGEST_BAD) {
        at += k->out.consumed;
    }
    assert_int_equal(k->step, VG_INGEST_DONE);
    assert_int_equal(kit_decode(k, (vg_str){f.p + 1, f.n - 1}, false), VG_INGEST_DONE);  // no LF
    assert_int_equal(kit_decode(k, (vg_str){f.p, f.n - 1}, true),
                     VG_INGEST_DONE);  // a datagram without CR
}

static void frames_have_a_cap(void **state)
{
    kit *k = *state;
    char big[DC09_FRAME_MAX + 100];
    memset(big, 'A', sizeof big);
    memcpy(big, "\n12340FF0\"SIA-DCS\"", 18);
    assert_int_equal(kit_decode(k, (vg_str){big, DC09_FRAME_MAX - 100}, false), VG_INGEST_NEED);
    assert_int_equal(kit_decode(k, (vg_str){big, sizeof big}, false), VG_INGEST_BAD);
    assert_int_equal(k->out.verdict, VG_INGEST_oversize);
    assert_int_equal(k->out.consumed, sizeof big);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, kit_setup, kit_teardown)
    const struct CMUnitTest tests[] = {
        T(crc_is_arc),
        T(times_are_utc),
        T(text_is_windows_1252),
        T(clear_frames_give_their_event),
        T(one_frame_may_hold_several_events),
        T(too_many_events_are_cut),
        T(the_answer_echoes),
        T(binary_crc_is_answered_in_kind),
        T(encrypted_frames_of_every_key_size_and_habit),
        T(encrypted_polls_with_and_without_bar),
        T(the_clock_has_a_window),
        T(an_unenforced_clock_proves_nothing),
        T(encryption_may_be_required),
        T(wrong_keys_and_damage_are_met_with_silence),
        T(a_shared_key_does_not_let_one_panel_speak_for_another),
        T(a_replay_with_another_seq_is_still_a_repetition),
        T(unknown_accounts_are_kept),
        T(disabled_sources_are_silent),
        T(wrong_length_is_silence_unless_lenient),
        T(senseless_content_gets_duh),
        T(answers_are_never_answered),
        T(wrong_times_in_clear_are_left_out),
        T(the_old_heartbeat),
        T(streams_are_cut_into_frames),
        T(frames_have_a_cap),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
