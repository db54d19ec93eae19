// SPDX-License-Identifier: Apache-2.0
// Rows are meanings, each listing the codes that have it, so that a meaning stands once. A code may
// stand in one row only (a test checks). OTHER rows are codes we know and deliberately do not act on:
// notes, printers, schedules. "Cancel" codes never end a condition: that is for a person to decide.
// Alarm codes that name a place rather than a threat (burglary, untyped) are "intrusion"; a source's
// point may say what the detector really is.
#include "ingest/dc09/codes.h"

typedef struct sia_row {
    const char *codes;
    dc09_meaning m;
} sia_row;

#define P DC09_POINT
#define U DC09_USER
#define A DC09_AREA
#define N DC09_NONE

static const sia_row SIA[] = {
    // burglary and untyped zones
    {"BA BG UA UG NA CM UZ", {VG_SIG_RAISE, P, "intrusion"}},
    {"BH BR UH UR NS", {VG_SIG_RESTORE, P, "intrusion"}},
    {"BM XM", {VG_SIG_RAISE, P, "cross_zone"}},
    {"BV", {VG_SIG_RAISE, A, "verified_alarm"}},
    {"EA EZ", {VG_SIG_RAISE, P, "exit_alarm"}},
    // fire, gas, heat, freeze, water
    {"FA FG FM SA", {VG_SIG_RAISE, P, "fire"}},
    {"FH FR SH SR", {VG_SIG_RESTORE, P, "fire"}},
    {"GA", {VG_SIG_RAISE, P, "gas"}},
    {"GH GR", {VG_SIG_RESTORE, P, "gas"}},
    {"KA", {VG_SIG_RAISE, P, "heat"}},
    {"KH KR", {VG_SIG_RESTORE, P, "heat"}},
    {"ZA", {VG_SIG_RAISE, P, "freeze"}},
    {"ZH ZR", {VG_SIG_RESTORE, P, "freeze"}},
    {"WA", {VG_SIG_RAISE, P, "water"}},
    {"WH WR", {VG_SIG_RESTORE, P, "water"}},
    // people in danger
    {"HA", {VG_SIG_RAISE, P, "holdup"}},
    {"HH HR", {VG_SIG_RESTORE, P, "holdup"}},
    {"PA", {VG_SIG_RAISE, P, "panic"}},
    {"PH PR", {VG_SIG_RESTORE, P, "panic"}},
    {"MA", {VG_SIG_RAISE, P, "medical"}},
    {"MH MR", {VG_SIG_RESTORE, P, "medical"}},
    {"QA", {VG_SIG_RAISE, P, "emergency"}},
    {"QH QR", {VG_SIG_RESTORE, P, "emergency"}},
    // tamper
    {"TA TT ES XS", {VG_SIG_RAISE, P, "tamper"}},
    {"TH TR TJ EJ XJ", {VG_SIG_RESTORE, P, "tamper"}},
    {"JA", {VG_SIG_RAISE, A, "tamper"}},
    {"JC", {VG_SIG_RESTORE, A, "tamper"}},
    // doors
    {"DF DJ", {VG_SIG_RAISE, P, "door_forced"}},
    {"DL DM DN", {VG_SIG_RAISE, P, "door_held"}},
    {"DH", {VG_SIG_RESTORE, P, "door_held"}},
    {"DR", {VG_SIG_RESTORE, P, "door_forced"}},
    {"DO", {VG_SIG_OTHER, P, "door_opened"}},
    {"DG", {VG_SIG_OTHER, P, "badge_granted"}},
    {"DD DI DK DP DQ DV DW DZ", {VG_SIG_RAISE, P, "badge_denied"}},
    // power, lines, radio, devices
    {"AT YP YI", {VG_SIG_RAISE, P, "mains_trouble"}},
    {"AR YQ YJ", {VG_SIG_RESTORE, P, "mains_trouble"}},
    {"YT YM XT", {VG_SIG_RAISE, P, "battery_trouble"}},
    {"YR XR", {VG_SIG_RESTORE, P, "battery_trouble"}},
    {"LT NT YC YS YD RT XL", {VG_SIG_RAISE, P, "line_trouble"}},
    {"LR NR YK YE", {VG_SIG_RESTORE, P, "line_trouble"}},
    {"XQ", {VG_SIG_RAISE, P, "jamming"}},
    {"XH", {VG_SIG_RESTORE, P, "jamming"}},
    {"BT BS BD BZ FT FS FW FY FZ GT GS HT HS KT MT MS PT PS QT QS ST SS UT US UY WT WS ZT AS DT EM "
     "ET EX IA KS NC PF SM TP YA YF YU YW YX ZS OU",
     {VG_SIG_RAISE, P, "device_trouble"}},
    {"BJ BE FJ FQ FV GJ HJ KJ MJ PJ QJ SJ UJ WJ ZJ AN EN ER IR PO XC YH YZ OV",
     {VG_SIG_RESTORE, P, "device_trouble"}},
    // closing and opening
    {"CB CC CG ND NE NB NF NL NM NO", {VG_SIG_ARM, A, "armed"}},
    {"CA CF CK CL CP CQ CR CJ", {VG_SIG_ARM, U, "armed"}},
    {"CS CZ AF NP", {VG_SIG_ARM, P, "armed"}},
    {"CW", {VG_SIG_OTHER, A, "armed"}},
    {"OA OB OG", {VG_SIG_DISARM, A, "disarmed"}},
    {"OH OJ OK OP OQ OR OL", {VG_SIG_DISARM, U, "disarmed"}},
    {"OS OZ", {VG_SIG_DISARM, P, "disarmed"}},
    {"CD OT", {VG_SIG_RAISE, A, "late_to_arm"}},
    {"CI", {VG_SIG_RAISE, A, "arm_failed"}},
    {"EE", {VG_SIG_RAISE, U, "arm_failed"}},
    // bypass
    {"BB FB GB HB KB MB PB QB SB TB UB WB ZB XW", {VG_SIG_BYPASS, P, "bypassed"}},
    {"BU FU GU HU KU MU PU QU SU TU UU WU ZU", {VG_SIG_UNBYPASS, P, "bypassed"}},
    // tests
    {"RP RX BX FX GX FI FK TC TE TS TX TW TZ RY VX", {VG_SIG_TEST, P, "test"}},
    {"XX", {VG_SIG_RAISE, N, "device_trouble"}},
    // clock and programming
    {"JD JH JT", {VG_SIG_OTHER, U, "clock"}},
    {"LB LD LS LU LX RA RB RD RS RU YG JV JX JY JZ DA DB JS DU XE XF",
     {VG_SIG_OTHER, U, "programming"}},
    // known, noted, not acted upon
    {"AA AB BC FC OC CE CO CT CX DC DE DS DX DY FL JK JL JO JP JR LE LF MI OI PC PD PE PG RC RN RO "
     "RR "
     "SC UX VI VO VR VT VY VZ XA XI YB YN YO YY ZY ZZ",
     {VG_SIG_OTHER, N, "other"}},
};

typedef struct cid_row {
    int16_t from, to;
    dc09_meaning m;  // for qualifier 1; the verb for 3 follows from it
} cid_row;

// The first row that holds a code wins: singles stand before ranges.
static const cid_row CID[] = {
    {100, 109, {VG_SIG_RAISE, P, "medical"}},  // 100-102 medical, pendant, failed to report in
    {111, 111, {VG_SIG_RAISE, P, "smoke"}},
    {113, 113, {VG_SIG_RAISE, P, "fire"}},  // water flow of a sprinkler
    {114, 114, {VG_SIG_RAISE, P, "heat"}},
    {110, 119, {VG_SIG_RAISE, P, "fire"}},
    {121, 121, {VG_SIG_RAISE, P, "duress"}},
    {124, 125, {VG_SIG_RAISE, P, "duress"}},
    {120, 129, {VG_SIG_RAISE, P, "panic"}},
    {133, 133, {VG_SIG_RAISE, P, "safe_alarm"}},
    {137, 137, {VG_SIG_RAISE, P, "tamper"}},
    {139, 139, {VG_SIG_RAISE, P, "verified_alarm"}},
    {130, 140, {VG_SIG_RAISE, P, "intrusion"}},
    {144, 145, {VG_SIG_RAISE, P, "tamper"}},
    {146, 146, {VG_SIG_RAISE, P, "intrusion"}},  // silent burglary
    {141, 149, {VG_SIG_RAISE, P, "device_trouble"}},
    {150, 150, {VG_SIG_RAISE, P, "other"}},
    {151, 151, {VG_SIG_RAISE, P, "gas"}},
    {152, 152, {VG_SIG_RAISE, P, "device_trouble"}},  // refrigeration
    {153, 153, {VG_SIG_RAISE, P, "freeze"}},          // loss of heat
    {154, 154, {VG_SIG_RAISE, P, "water"}},
    {155, 155, {VG_SIG_RAISE, P, "glass_break"}},  // foil
    {158, 158, {VG_SIG_RAISE, P, "heat"}},
    {159, 159, {VG_SIG_RAISE, P, "freeze"}},
    {162, 162, {VG_SIG_RAISE, P, "gas"}},  // carbon monoxide
    {156, 169, {VG_SIG_RAISE, P, "device_trouble"}},
    {200, 209, {VG_SIG_RAISE, P, "device_trouble"}},  // fire supervisory
    {301, 301, {VG_SIG_RAISE, P, "mains_trouble"}},
    {302, 302, {VG_SIG_RAISE, P, "battery_trouble"}},
    {306, 306, {VG_SIG_OTHER, P, "programming"}},
    {309, 309, {VG_SIG_RAISE, P, "battery_trouble"}},
    {311, 311, {VG_SIG_RAISE, P, "battery_trouble"}},
    {312, 312, {VG_SIG_RAISE, P, "mains_trouble"}},
    {313, 313, {VG_SIG_OTHER, P, "programming"}},
    {338, 338, {VG_SIG_RAISE, P, "battery_trouble"}},
    {337, 337, {VG_SIG_RAISE, P, "battery_trouble"}},
    {341, 341, {VG_SIG_RAISE, P, "tamper"}},
    {342, 342, {VG_SIG_RAISE, P, "mains_trouble"}},
    {344, 344, {VG_SIG_RAISE, P, "jamming"}},
    {300, 349, {VG_SIG_RAISE, P, "device_trouble"}},
    {350, 369, {VG_SIG_RAISE, P, "line_trouble"}},
    {374, 374, {VG_SIG_RAISE, P, "exit_alarm"}},
    {381, 382, {VG_SIG_RAISE, P, "line_trouble"}},  // radio supervision lost
    {383, 383, {VG_SIG_RAISE, P, "tamper"}},
    {384, 384, {VG_SIG_RAISE, P, "battery_trouble"}},
    {370, 399, {VG_SIG_RAISE, P, "device_trouble"}},
    {404, 404, {VG_SIG_RAISE, U, "late_to_arm"}},
    {405, 406, {VG_SIG_OTHER, U, "other"}},  // deferred, cancel by user
    {400, 409, {VG_SIG_DISARM, U, "disarmed"}},
    {421, 421, {VG_SIG_RAISE, U, "badge_denied"}},
    {422, 422, {VG_SIG_OTHER, U, "badge_granted"}},
    {423, 423, {VG_SIG_RAISE, P, "door_forced"}},
    {424, 424, {VG_SIG_RAISE, U, "badge_denied"}},
    {425, 425, {VG_SIG_OTHER, U, "badge_granted"}},
    {426, 426, {VG_SIG_RAISE, P, "door_held"}},
    {427, 432, {VG_SIG_RAISE, P, "device_trouble"}},
    {411, 439, {VG_SIG_OTHER, U, "programming"}},  // remote access and downloads
    {441, 442, {VG_SIG_DISARM, U, "disarmed"}},    // armed STAY: 3 is closing
    {450, 451, {VG_SIG_DISARM, U, "disarmed"}},    // exception, early
    {452, 452, {VG_SIG_RAISE, U, "late_to_arm"}},
    {454, 455, {VG_SIG_RAISE, U, "arm_failed"}},
    {456, 456, {VG_SIG_DISARM, U, "disarmed"}},  // partial arm: 3 is closing
    {457, 457, {VG_SIG_RAISE, U, "exit_alarm"}},
    {461, 461, {VG_SIG_RAISE, P, "tamper"}},  // wrong code entered
    {440, 499, {VG_SIG_OTHER, U, "other"}},
    {551, 553, {VG_SIG_BYPASS, N, "line_trouble"}},  // communicator disabled
    {500, 599, {VG_SIG_BYPASS, P, "bypassed"}},
    {600, 616, {VG_SIG_TEST, P, "test"}},
    {621, 624, {VG_SIG_OTHER, N, "other"}},  // event log
    {625, 626, {VG_SIG_OTHER, U, "clock"}},
    {627, 632, {VG_SIG_OTHER, U, "programming"}},
    {654, 654, {VG_SIG_RAISE, P, "device_trouble"}},  // no activity
    {617, 699, {VG_SIG_OTHER, N, "other"}},
    {900, 900, {VG_SIG_OTHER, N, "other"}},  // power up
};

_Static_assert(VG_LEN(SIA) < 255 && VG_LEN(CID) < 255, "rows are indexed by a byte");

static size_t cell(const char *code)
{
    return (size_t)(code[0] - 'A') * 26 + (size_t)(code[1] - 'A');
}

void dc09_codes_init(dc09_codes *c)
{
    memset(c, 0, sizeof *c);
    for (size_t i = 0; i < VG_LEN(SIA); i++) {
        for (const char *p = SIA[i].codes; *p; p += p[2] ? 3 : 2) {
            c->sia[cell(p)] = (uint8_t)(i + 1);
        }
    }
    for (size_t i = VG_LEN(CID); i-- > 0;) {  // backwards: earlier rows overwrite
        for (int code = CID[i].from; code <= CID[i].to; code++) {
            c->cid[code] = (uint8_t)(i + 1);
        }
    }
}

void dc09_sia_for(const char *kind, bool restore, char out[3])
{
    const uint8_t verb = restore ? VG_SIG_RESTORE : VG_SIG_RAISE;
    const char *codes = restore ? "BR" : "BA";
    for (size_t i = 0; i < VG_LEN(SIA); i++) {
        if (SIA[i].m.verb == verb && strcmp(SIA[i].m.kind, kind) == 0) {
            codes = SIA[i].codes;
            break;
        }
    }
    snprintf(out, 3, "%.2s", codes);
}

int dc09_sia_listed(void)
{
    size_t n = 0;
    for (size_t i = 0; i < VG_LEN(SIA); i++) {
        n += (strlen(SIA[i].codes) + 1) / 3;
    }
    return (int)n;
}

static const dc09_meaning NOT_KNOWN = {VG_SIG_OTHER, DC09_POINT, "other"};

bool dc09_sia_meaning(const dc09_codes *c, const char code[2], dc09_meaning *ret)
{
    const bool letters = code[0] >= 'A' && code[0] <= 'Z' && code[1] >= 'A' && code[1] <= 'Z';
    const size_t row = letters ? c->sia[cell(code)] : 0;
    *ret = row ? SIA[row - 1].m : NOT_KNOWN;
    return row != 0;
}

// Qualifier 3: the end of what 1 began; for openings, the closing.
static void turn_round(dc09_meaning *m)
{
    switch (m->verb) {
    case VG_SIG_RAISE:
        m->verb = VG_SIG_RESTORE;
        break;
    case VG_SIG_DISARM:
        m->verb = VG_SIG_ARM;
        m->kind = "armed";
        break;
    case VG_SIG_BYPASS:
        m->verb = VG_SIG_UNBYPASS;
        break;
    default:
        break;  // tests and notes have no end
    }
}

bool dc09_cid_meaning(const dc09_codes *c, char qualifier, int code, dc09_meaning *ret)
{
    const size_t row = code >= 0 && code < 1000 ? c->cid[code] : 0;
    *ret = row ? CID[row - 1].m : NOT_KNOWN;
    if (qualifier == '3') {
        turn_round(ret);
    }
    return row != 0;
}
