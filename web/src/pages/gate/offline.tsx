// SPDX-License-Identifier: Apache-2.0
// Without a connection: a band that says so and since when, the number that opens the names, and beforehand, while the
// node is there, what has to be ready.
import { useState } from "preact/hooks";
import { t } from "../../lib/i18n.ts";
import { clock, full } from "../../lib/time.ts";
import { session } from "../../store/session.ts";
import { moment } from "../../terminal/advice.ts";
import { PIN_MIN } from "../../terminal/names.ts";
import { carried, guard, lockAgain, setPin, sync, terminal, unlock } from "../../terminal/terminal.ts";
import { Dialog, Form } from "../../ui/dialog.tsx";
import { Shape } from "../../ui/icons.tsx";
import { Button, Facts, Field, Select } from "../../ui/parts.tsx";

const PIN_MAX = 12;

function PinField(p: { label: string; value: string; onChange: (v: string) => void }) {
  return (
    <Field label={p.label} wide>
      <input
        type="password"
        inputMode="numeric"
        autocomplete="off"
        required
        minLength={PIN_MIN}
        maxLength={PIN_MAX}
        pattern="[0-9]*"
        value={p.value}
        onInput={(e) => p.onChange(e.currentTarget.value)}
      />
    </Field>
  );
}

export function Unlock({ onClose }: { onClose: () => void }) {
  const guards = terminal.value?.guards ?? [];
  const [user, setUser] = useState(guards.length === 1 ? guards[0]!.user : (session.value?.user.id ?? ""));
  const [pin, setPinText] = useState("");
  const [wrong, setWrong] = useState(false);
  const submit = async () => {
    const good = await unlock(user, pin);
    setWrong(!good);
    setPinText("");
    if (good) {
      onClose();
    }
  };
  return (
    <Dialog title={t("ui.pass.unlock")} onClose={onClose} class="gate-dialog">
      <Form submit={t("ui.pass.unlock")} onSubmit={submit} onCancel={onClose}>
        <Field label={t("ui.pass.guard")} wide>
          <Select value={user} required none={t("ui.choose")} onChange={setUser} options={guards.map((g) => [g.user, g.name])} />
        </Field>
        <PinField label={t("ui.pass.pin")} value={pin} onChange={setPinText} />
        {wrong && (
          <p class="error wide" role="alert">
            {t("ui.pass.pin_wrong")}
          </p>
        )}
      </Form>
    </Dialog>
  );
}

// While the node is there.
export function Prepare({ onClose }: { onClose: () => void }) {
  const it = terminal.value;
  const [pin, setPinText] = useState("");
  const [again, setAgain] = useState("");
  const who = session.value?.user;
  if (!it || !who) {
    return (
      <Dialog title={t("ui.pass.prepare")} onClose={onClose}>
        <p>{t("ui.pass.not_enrolled")}</p>
        <p>
          <a class="button" href="/thiet-bi">
            {t("ui.pass.enrol")}
          </a>
        </p>
      </Dialog>
    );
  }
  const mine = it.guards.some((g) => g.user === who.id);
  const bad = again !== "" && again !== pin;
  return (
    <Dialog title={t("ui.pass.prepare")} onClose={onClose}>
      <Facts
        rows={[
          [t("ui.machine.account"), it.me.name],
          [t("ui.pass.taken_at"), carried.value ? full(carried.value.made / 1000) : t("ui.pass.taken_none")],
          [t("ui.pass.taken_holders"), carried.value ? String(carried.value.holders.size) : ""],
          [t("ui.pass.waiting"), String(it.waiting)],
          [t("ui.pass.pin"), t(mine ? "ui.pass.pin_set" : "ui.pass.pin_none")],
        ]}
      />
      {it.trouble && (
        <p role="alert">
          <Shape of="attention" /> {t(`ui.pass.trouble.${it.trouble}`)}
        </p>
      )}
      <Form
        submit={t(mine ? "ui.pass.pin_change" : "ui.pass.pin_make")}
        disabled={pin.length < PIN_MIN || pin !== again}
        onSubmit={() => setPin(who.id, who.name, pin)}
        onDone={onClose}
      >
        <p class="wide">{t("ui.pass.pin_more")}</p>
        <PinField label={t("ui.pass.pin_new", { n: PIN_MIN })} value={pin} onChange={setPinText} />
        <PinField label={t("ui.pass.pin_again")} value={again} onChange={setAgain} />
        {bad && <p class="wide dim">{t("ui.pass.pin_differs")}</p>}
      </Form>
      <Button onClick={() => void sync()}>{t("ui.pass.take_now")}</Button>
    </Dialog>
  );
}

export function OffBand({ since, able }: { since: number; able: boolean }) {
  const [asking, setAsking] = useState(false);
  const c = carried.value;
  return (
    <div class="gate-off" role="status">
      <Shape of="unknown" />
      <b>{t("ui.pass.off_since", { time: clock(since) })}</b>
      <span>
        {able && c ? t("ui.pass.off_by", { time: moment(c.made) }) : t("ui.pass.off_unable")}
      </span>
      <span>{t("ui.pass.off_waiting", { n: terminal.value?.waiting ?? 0 })}</span>
      {able && (
        <span class="tools">
          {guard.value ? (
            <button type="button" class="gate-key" onClick={lockAgain}>
              {t("ui.pass.lock_of", { name: guard.value.name })}
            </button>
          ) : (
            (terminal.value?.guards.length ?? 0) > 0 && (
              <button type="button" class="gate-key" onClick={() => setAsking(true)}>
                {t("ui.pass.unlock")}
              </button>
            )
          )}
        </span>
      )}
      {asking && <Unlock onClose={() => setAsking(false)} />}
    </div>
  );
}
