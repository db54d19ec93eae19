// SPDX-License-Identifier: Apache-2.0
// Pass phrases from where they are kept or from the keyboard, for core/keyring.h.
#pragma once

#include "base/i18n.h"
#include "core/keyring.h"

void app_phrase_lang(vg_lang lang);  // of what is asked at the keyboard
// In this order: $CREDENTIALS_DIRECTORY/vonggac.<what> (systemd), the file named by VONGGAC_<WHAT>_PHRASE_FILE, the terminal.
// The first line, composed (NFC), without its end.
vg_status app_phrase(const char *what, char out[VG_PHRASE_BYTES], vg_err *err) VG_USE_RESULT;
// One that is to be used from now on ("new"): at the keyboard twice; not shorter than VG_PHRASE_MIN characters.
vg_status app_phrase_new(char out[VG_PHRASE_BYTES], vg_err *err) VG_USE_RESULT;
